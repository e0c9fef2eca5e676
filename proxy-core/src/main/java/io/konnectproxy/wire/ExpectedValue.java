package io.konnectproxy.wire;

/**
 * Compares a field value, octet by octet as it arrives, with the only ones it may have. Nothing of the value is kept.
 * White space around it does not count (RFC 9112, section 5.1); ASCII letter case neither.
 */
final class ExpectedValue {
    private final String longest;
    private final int shorter;
    private final String problem;
    private int matched;
    private boolean behind;

    /**
     * @param longest one value that may stand
     * @param shorter how many leading characters of it are the other
     * @param problem what to say of any further one
     */
    ExpectedValue(String longest, int shorter, String problem) {
        this.longest = longest;
        this.shorter = shorter;
        this.problem = problem;
    }

    /** Whether the value can still become what is expected. */
    boolean accept(int octet) {
        if (Octet.isOptionalSpace(octet)) {
            behind = matched > 0;
            return true;
        }
        if (behind || matched == longest.length() || Octet.lower(octet) != Octet.lower(longest.charAt(matched))) {
            return false;
        }
        matched++;
        return true;
    }

    boolean complete() {
        return matched == longest.length() || matched == shorter;
    }

    String problem() {
        return problem;
    }
}
