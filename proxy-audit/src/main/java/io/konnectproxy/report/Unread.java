package io.konnectproxy.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is in the files but not in the figures: lines that cannot be read, and events and fields of a later version. */
public final class Unread {
    /** The most lines that are listed; all are counted. */
    static final int NAMED = 20;

    private static final int KINDS = 1_000;
    private static final String MORE = "(others)";

    private final List<UnreadLine> lines = new ArrayList<>();
    private final Map<String, Long> events = new TreeMap<>();
    private final Map<String, Long> fields = new TreeMap<>();
    private long count;

    /**
     * A line that is in none of the figures.
     *
     * @param reason the end of a sentence that begins with the position
     */
    public record UnreadLine(LinePosition position, String reason) {}

    void line(LinePosition position, String reason) {
        count++;
        if (lines.size() < NAMED) {
            lines.add(new UnreadLine(position, reason));
        }
    }

    void event(String event) {
        count(events, event);
    }

    void field(String path) {
        count(fields, path);
    }

    private static void count(Map<String, Long> counts, String key) {
        counts.merge(counts.size() < KINDS || counts.containsKey(key) ? key : MORE, 1L, Long::sum);
    }

    /** The first lines that cannot be read. */
    public List<UnreadLine> lines() {
        return List.copyOf(lines);
    }

    /** The number of all of them. */
    public long count() {
        return count;
    }

    /** Unknown events, with the number of their lines. */
    public Map<String, Long> events() {
        return Map.copyOf(events);
    }

    public Map<String, Long> fields() {
        return Map.copyOf(fields);
    }
}
