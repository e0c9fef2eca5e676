package io.konnectproxy.bench.siege;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The audit trail as anybody can read it: what is new since the last look. */
final class Trail {
    private static final Pattern EVENT = Pattern.compile("\"event\":\"(\\w+)\"");
    private static final Pattern VERDICT = Pattern.compile("\"verdict\":\"(\\w+)\"");
    private static final Pattern REASON = Pattern.compile("\"reason\":\"(\\w+)\"");
    private static final Pattern OUTCOME = Pattern.compile("\"outcome\":\"(\\w+)\"");
    private static final Pattern COUNT = Pattern.compile("\"count\":(\\d+)");

    private final Path file;
    private long seen;

    Trail(Path file) {
        this.file = file;
    }

    TrailGrowth growth() throws IOException {
        Map<String, Long> counts = new HashMap<>();
        long summed = 0;
        long marked = 0;
        try (FileChannel channel = FileChannel.open(file)) {
            channel.position(seen);
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String event = first(EVENT, line);
                counts.merge(kind(event, line), 1L, Long::sum);
                if (event.equals("refusals")) {
                    summed += Long.parseLong("0" + first(COUNT, line));
                }
                if (line.contains(Secrets.MARKER)) {
                    marked++;
                }
            }
            long before = seen;
            seen = channel.position();
            return new TrailGrowth(seen - before, counts, summed, marked);
        }
    }

    private static String kind(String event, String line) {
        return switch (event) {
            case "decision" -> first(VERDICT, line).equals("refused") ? first(REASON, line) : first(VERDICT, line);
            case "tunnel" -> "→ " + first(OUTCOME, line);
            default -> event;
        };
    }

    private static String first(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? String.valueOf(matcher.group(1)) : "";
    }
}
