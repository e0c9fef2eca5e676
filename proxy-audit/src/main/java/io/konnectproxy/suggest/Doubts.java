package io.konnectproxy.suggest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a suggestion may lack, because the trail was not read as a whole, or was too much. */
final class Doubts {
    private static final int NAMED = 20;
    private static final int TRAILS = 10_000;

    private final List<String> files = new ArrayList<>();
    private final Map<String, Long> lastNumbers = new HashMap<>();
    private long unreadable;
    private String firstUnreadable = "";
    private long missing;
    private long lost;
    private long withoutDecision;
    private long withoutRoom;

    /** The number of a line; each trail counts its own. */
    void number(String trail, long seq) {
        Long last = lastNumbers.get(trail);
        if (last != null && seq > last + 1) {
            missing += seq - last - 1;
        }
        if (last != null || lastNumbers.size() < TRAILS) {
            lastNumbers.put(trail, seq);
        }
    }

    void unreadableLine(String where) {
        if (unreadable++ == 0) {
            firstUnreadable = where;
        }
    }

    /** @param sentence about a file that was not read to its end */
    void file(String sentence) {
        if (files.size() < NAMED) {
            files.add(sentence);
        }
    }

    void lost(long lines) {
        lost += Math.min(lines, Long.MAX_VALUE - lost);
    }

    void withoutDecision() {
        withoutDecision++;
    }

    void withoutRoom() {
        withoutRoom++;
    }

    List<String> sentences() {
        List<String> sentences = new ArrayList<>(files);
        add(sentences, unreadable, "line cannot be read", "lines cannot be read", ", the first is " + firstUnreadable);
        add(sentences, missing, "line is missing", "lines are missing", ": a file of the trail is not there");
        add(sentences, lost, "line was lost", "lines were lost", " when the trail could not be written (gap)");
        add(
                sentences,
                withoutDecision,
                "tunnel has no decision",
                "tunnels have no decision",
                " in these files; name the earlier ones too");
        add(
                sentences,
                withoutRoom,
                "request is not considered",
                "requests are not considered",
                ": there are more clients, or more hosts, than a suggestion can be about");
        return sentences;
    }

    private static void add(List<String> sentences, long count, String one, String many, String rest) {
        if (count > 0) {
            sentences.add(String.format(Locale.ROOT, "%,d ", count) + (count == 1 ? one : many) + rest + ".");
        }
    }
}
