package io.konnectproxy.report;

import java.util.List;

/**
 * The proxies at which something was, in a report on several trails.
 *
 * @param first the first of them, escaped; empty in a report on one trail
 * @param all how many there are
 */
public record ProxyNames(List<String> first, int all) {
    public static final ProxyNames NONE = new ProxyNames(List.of(), 0);

    /** The most that are named. */
    static final int NAMED = 10;

    /** More would be longer than what they are said of. */
    private static final int SAID = 3;

    public ProxyNames {
        first = List.copyOf(first);
    }

    static ProxyNames of(String proxy) {
        return proxy.isEmpty() ? NONE : new ProxyNames(List.of(proxy), 1);
    }

    /** {@code edge-1, edge-2 and 14 more}. */
    public String words() {
        int said = Math.min(SAID, first.size());
        String names = String.join(", ", first.subList(0, said));
        return all > said ? names + String.format(java.util.Locale.ROOT, " and %,d more", all - said) : names;
    }
}
