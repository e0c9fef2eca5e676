package io.konnectproxy.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was in the files and is not in the figures: lines that can't be read, and what a later version has written. */
public final class Unread {
    /** More than anybody reads; all are counted. */
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
     * @param reason half a sentence, to follow the position
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

    /** The first of the lines that can't be read. */
    public List<UnreadLine> lines() {
        return List.copyOf(lines);
    }

    /** All of them. */
    public long count() {
        return count;
    }

    /** Events that are not known, with how many lines have them. */
    public Map<String, Long> events() {
        return Map.copyOf(events);
    }

    public Map<String, Long> fields() {
        return Map.copyOf(fields);
    }
}
