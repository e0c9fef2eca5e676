package io.konnectproxy.report;

import java.util.List;
import java.util.Locale;

/**
 * The proxies at which something was, in a report on several trails.
 *
 * @param first the first of them, escaped; empty in a report on one trail
 * @param all how many there are
 * @param areEvery whether these are all proxies of the report
 */
public record ProxyNames(List<String> first, int all, boolean areEvery) {
    public static final ProxyNames NONE = new ProxyNames(List.of(), 0);

    /** The most that are named. */
    static final int NAMED = 10;

    /** More would be longer than what they are said of. */
    private static final int SAID = 3;

    public ProxyNames {
        first = List.copyOf(first);
    }

    ProxyNames(List<String> first, int all) {
        this(first, all, false);
    }

    static ProxyNames of(String proxy) {
        return proxy.isEmpty() ? NONE : new ProxyNames(List.of(proxy), 1);
    }

    /** {@code edge-1, edge-2, edge-3 and 14 more}, {@code all 17}. */
    public String words() {
        if (areEvery && all > SAID) {
            return String.format(Locale.ROOT, "all %,d", all);
        }
        int said = Math.min(SAID, first.size());
        String names = String.join(", ", first.subList(0, said));
        return all > said ? names + String.format(Locale.ROOT, " and %,d more", all - said) : names;
    }
}
