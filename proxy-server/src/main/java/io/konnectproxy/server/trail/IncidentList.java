package io.konnectproxy.server.trail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers what the trail itself records of what is not in it. Keeps the first ones and counts the rest. One thread. */
final class IncidentList {
    private static final int KEPT = 20;

    private final List<String> first = new ArrayList<>();
    private long more;

    void hear(TrailLine line) {
        if (!line.isEvent("gap") && !line.isEvent("torn") && !line.isEvent("mirror")) {
            return;
        }
        if (first.size() == KEPT) {
            more++;
            return;
        }
        first.add("line " + line.seq() + ": " + sentence(line.event(), TrailFields.of(line.text())));
    }

    /** What one of them says, as half a sentence. */
    static String sentence(String event, Map<String, String> fields) {
        String reason = fields.getOrDefault("reason", "no reason given");
        return switch (event) {
            case "gap" -> lines(fields.get("lost")) + " could not be written " + between(fields) + ": " + reason;
            case "torn" ->
                fields.get("bytes") + " bytes at the end were no whole line and are kept as " + fields.get("kept_as")
                        + ": " + reason;
            default ->
                "the mirror " + fields.get("mirror") + " missed " + lines(fields.get("missed")) + " " + between(fields)
                        + ": " + reason;
        };
    }

    private static String lines(@Nullable String count) {
        return "1".equals(count) ? "1 line" : count + " lines";
    }

    private static String between(Map<String, String> fields) {
        return "between " + fields.get("from") + " and " + fields.get("until");
    }

    Findings.Incidents incidents() {
        return new Findings.Incidents(first, more);
    }
}
