package io.konnectproxy.suggest;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Requests that can justify nothing, whoever they are of: no host of Konnect, another port, an address. Bounded; what is beyond
 * has one row for each reason why.
 */
final class OtherRequests {
    private static final int ROWS = 10_000;
    private static final String OTHERS = "(others)";

    private final Map<OtherRequest, RequestSum> rows = new HashMap<>();

    private record OtherRequest(WhyNot why, String client, String target, String detail) {}

    private static final class RequestSum {
        private long count;
        private long last;
    }

    void count(WhyNot why, String client, String target, String detail, long count, long time) {
        OtherRequest row = new OtherRequest(why, client, target, detail);
        RequestSum sum = rows.size() < ROWS || rows.containsKey(row)
                ? rows.computeIfAbsent(row, key -> new RequestSum())
                : rows.computeIfAbsent(new OtherRequest(why, OTHERS, OTHERS, OTHERS), key -> new RequestSum());
        sum.count += Math.min(count, Long.MAX_VALUE - sum.count);
        sum.last = Math.max(sum.last, time);
    }

    Stream<UnsuggestedRequest> all() {
        return rows.entrySet().stream()
                .map(entry -> new UnsuggestedRequest(
                        entry.getKey().why(),
                        entry.getKey().client(),
                        entry.getKey().target(),
                        entry.getKey().detail(),
                        entry.getValue().count,
                        entry.getValue().last));
    }
}
