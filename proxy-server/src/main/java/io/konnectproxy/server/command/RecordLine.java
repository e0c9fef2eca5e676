package io.konnectproxy.server.command;

import io.konnectproxy.trail.TrailFields;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A record of the trail as one line for people. What clients wrote is shown as printable ASCII and nothing else. */
final class RecordLine {
    private static final String REASONS = "reasons.";
    private static final int MILLISECONDS = "2026-11-22T18:00:00.123".length();

    private final boolean coloured;

    RecordLine(boolean coloured) {
        this.coloured = coloured;
    }

    /** The colours of the verdicts, as a terminal is told (ECMA-48). */
    private enum Colour {
        GREEN("32"),
        RED("31"),
        YELLOW("33"),
        CYAN("36"),
        GREY("90");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }

    /** @param client what the tunnel's decision says of the client, where that was seen */
    String of(Map<String, String> fields, Optional<RecordedClient> client) {
        String event = fields.getOrDefault("event", "?");
        return switch (event) {
            case "decision" -> decision(fields);
            case "refusals" -> line(fields, "REFUSED", Colour.RED, refusals(fields));
            case "tunnel" ->
                line(
                        fields,
                        "closed",
                        outcomeColour(fields),
                        client.map(RecordedClient::words).orElse("-") + "  " + tunnel(fields));
            case "gap", "torn", "removed", "mirror" -> line(fields, event, Colour.YELLOW, TrailFields.incident(fields));
            case "configuration" -> line(fields, event, Colour.CYAN, configuration(fields));
            case "checkpoint" -> line(fields, event, Colour.GREY, "key " + fields.getOrDefault("key", "-"));
            case "start" -> line(fields, event, Colour.CYAN, "version " + fields.getOrDefault("version", "-"));
            default -> line(fields, event, Colour.CYAN, "");
        };
    }

    private String decision(Map<String, String> fields) {
        boolean refused = "refused".equals(fields.get("verdict"));
        String what =
                RecordedClient.of(fields).words() + "  " + asked(fields) + "  " + fields.getOrDefault("reason", "-");
        if (!refused) {
            return line(fields, "PERMITTED", Colour.GREEN, what + rule(fields));
        }
        String let = "false".equals(fields.get("enforced")) ? ", let through (mode: report-only)" : "";
        return line(fields, "REFUSED", Colour.RED, what + let + hint(fields));
    }

    /** The reasons stand in the fields one by one. */
    private static String refusals(Map<String, String> fields) {
        String reasons = fields.entrySet().stream()
                .filter(field -> field.getKey().startsWith(REASONS))
                .map(field -> field.getValue() + " " + field.getKey().substring(REASONS.length()))
                .collect(Collectors.joining(", "));
        String who = RecordedClient.counted(fields).orElse("too many clients to tell apart");
        return who + "  " + fields.getOrDefault("count", "?") + " summed up since " + fields.getOrDefault("first", "-")
                + ": " + reasons;
    }

    private static String asked(Map<String, String> fields) {
        String target = fields.getOrDefault("target", "(asked for nothing)");
        return target.isEmpty() ? "(not recorded)" : target;
    }

    private static String rule(Map<String, String> fields) {
        String purpose = fields.containsKey("rule.extra_host")
                ? "extra host " + fields.get("rule.extra_host")
                : fields.getOrDefault("rule.purpose", "");
        String region = fields.containsKey("rule.region") ? " " + fields.get("rule.region") : "";
        return purpose.isEmpty() ? hint(fields) : " (" + purpose + region + ")" + hint(fields);
    }

    private static Colour outcomeColour(Map<String, String> fields) {
        return RecordFilter.isFailure(fields.getOrDefault("outcome", "")) ? Colour.RED : Colour.GREY;
    }

    private static String tunnel(Map<String, String> fields) {
        return fields.getOrDefault("target", "-") + "  " + fields.getOrDefault("outcome", "-") + ", "
                + bytes(fields.get("bytes_up")) + " up, " + bytes(fields.get("bytes_down")) + " down, "
                + String.format(Locale.ROOT, "%.1f s", number(fields.get("duration_ms")) / 1000.0) + via(fields)
                + hint(fields);
    }

    private static String via(Map<String, String> fields) {
        String status = fields.containsKey("upstream.status") ? ", which said " + fields.get("upstream.status") : "";
        return fields.containsKey("upstream.via") ? ", via " + fields.get("upstream.via") + status : "";
    }

    private static String configuration(Map<String, String> fields) {
        return "of this " + fields.getOrDefault("occasion", "?") + ": mode " + fields.getOrDefault("policy.mode", "-")
                + ", regions " + fields.getOrDefault("policy.regions", "-")
                + (fields.containsKey("changed.key") ? "; changed: " + fields.get("changed.key") : "");
    }

    private static String hint(Map<String, String> fields) {
        return fields.containsKey("hint") ? ": " + fields.get("hint") : "";
    }

    private static String bytes(@Nullable String count) {
        double bytes = number(count);
        for (String unit : new String[] {"B", "kB", "MB", "GB"}) {
            if (bytes < 1000) {
                return String.format(Locale.ROOT, unit.equals("B") ? "%.0f %s" : "%.1f %s", bytes, unit);
            }
            bytes /= 1000;
        }
        return String.format(Locale.ROOT, "%.1f TB", bytes);
    }

    /** 0 for what is none. */
    static long number(@Nullable String text) {
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private String line(Map<String, String> fields, String word, Colour colour, String rest) {
        String time = fields.getOrDefault("time", "-");
        String when = time.length() > MILLISECONDS ? time.substring(0, MILLISECONDS) + "Z" : time;
        String padded = String.format(Locale.ROOT, "%-13s", printable(word));
        String shown = coloured ? "\u001b[" + colour.code + "m" + padded + "\u001b[0m" : padded;
        return (printable(when) + "  " + shown + "  " + printable(rest)).stripTrailing();
    }

    /** A line that is none of the trail, so that nobody misses it. */
    String unreadable(String text) {
        String cut = text.length() > 200 ? text.substring(0, 200) + "..." : text;
        return "(not a line of the trail)  " + printable(cut);
    }

    /** Terminals obey what is not printable, and some of what is not ASCII turns the writing round. */
    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~') {
                shown.append(c);
            } else {
                shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return shown.toString();
    }
}
