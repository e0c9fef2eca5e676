package io.konnectproxy.suggest;

/** Why a request that is in the trail justifies no rule. */
public enum WhyNot {
    REFUSED("refused; a refusal justifies nothing"),
    NOT_KONNECT("let through, and no host of Konnect on port 443"),
    CARRIED_NOTHING("permitted or let through, and no tunnel carried anything back"),
    EXTRA_HOST("hosts of extra-hosts, which are yours to name"),
    NO_PREFIX("the host begins with no prefix that can be pinned"),
    SUMMED_UP("refused, and counted without their targets");

    private final String words;

    WhyNot(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
