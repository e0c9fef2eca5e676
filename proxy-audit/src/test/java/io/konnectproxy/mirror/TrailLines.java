package io.konnectproxy.mirror;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;

/** Lines in the form of the trail, about 500 bytes each like real ones; a line for each number. */
final class TrailLines {
    private static final Instant START = Instant.parse("2026-11-22T18:00:00.000001Z");
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter();
    private static final String HASHES = ",\"prev\":\"" + "a1".repeat(32) + "\",\"hash\":\"" + "b2".repeat(32) + "\"}";

    private TrailLines() {}

    static Instant time(long seq) {
        return START.plusMillis(seq);
    }

    static String permitted(long seq) {
        return begin(seq, "decision")
                + ",\"id\":\"0b8c7f0e5d3a4c21\",\"listener\":\"127.0.0.1:3128\",\"client\":{\"address\":\"10.0.0.7\",\"port\":51234,"
                + "\"user\":\"dp-a\"},\"target\":\"0646a7d680.us.cp0.konghq.com:443\",\"verdict\":\"permitted\","
                + "\"reason\":\"konnect_host\",\"rule\":{\"purpose\":\"data-plane\",\"region\":\"us\",\"pattern\":"
                + "\"{control-plane}.us.cp0.konghq.com\",\"control_plane\":\"0646a7d680\"},\"enforced\":true" + HASHES;
    }

    /** With quotes of the client's own in it, as the trail escapes them. */
    static String refused(long seq) {
        return begin(seq, "decision")
                + ",\"id\":\"1\",\"listener\":\"l\",\"client\":{\"address\":\"10.0.0.7\",\"port\":1,\"user\":null},"
                + "\"target\":\"a\\\",\\\"verdict\\\":\\\"permitted\\u0000:443\",\"verdict\":\"refused\",\"reason\":\"host_not_konnect\","
                + "\"rule\":null,\"enforced\":true" + HASHES;
    }

    static String mirror(long seq) {
        return begin(seq, "mirror") + ",\"mirror\":\"syslog+tcp://a:1\",\"missed\":5,\"from\":\"" + TIME.format(time(1))
                + "\",\"until\":\"" + TIME.format(time(2)) + "\",\"reason\":\"connection refused\"" + HASHES;
    }

    static String summedUp(long seq) {
        return begin(seq, "refusals")
                + ",\"client\":{\"address\":\"10.0.0.7\"},\"listener\":\"l\",\"count\":942,\"reasons\":{\"host_not_konnect\":942},"
                + "\"first\":\"" + TIME.format(time(1)) + "\",\"last\":\"" + TIME.format(time(2)) + '"' + HASHES;
    }

    static String start(long seq) {
        return begin(seq, "start") + ",\"version\":\"0.1.0\"" + HASHES;
    }

    static List<String> numbered(int from, int to) {
        List<String> lines = new ArrayList<>();
        for (int seq = from; seq <= to; seq++) {
            lines.add(permitted(seq));
        }
        return lines;
    }

    private static String begin(long seq, String event) {
        return "{\"v\":2,\"trail\":\"00ab12cd34ef\",\"seq\":" + seq + ",\"time\":\"" + TIME.format(time(seq))
                + "\",\"event\":\"" + event + '"';
    }
}
