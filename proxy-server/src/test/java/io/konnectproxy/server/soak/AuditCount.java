package io.konnectproxy.server.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Follows the audit file and keeps the books: each request one decision or counted in one sum, each permitted one exactly one more line. */
final class AuditCount implements AutoCloseable {
    private final BufferedReader lines;
    private final Set<String> openTunnels = new HashSet<>();
    private final Map<String, Long> reasons = new TreeMap<>();
    private final StringBuilder unfinished = new StringBuilder();
    private long decisions;
    private long permitted;
    private long tunnels;
    private long wrong;

    AuditCount(Path file) throws IOException {
        this.lines = Files.newBufferedReader(file, StandardCharsets.UTF_8);
    }

    /** Reads what has been written since. */
    void readOn() throws IOException {
        for (int next = lines.read(); next >= 0; next = lines.read()) {
            if (next == '\n') {
                count(unfinished.toString());
                unfinished.setLength(0);
            } else {
                unfinished.append((char) next);
            }
        }
    }

    private void count(String line) {
        String id = text(line, "id");
        switch (text(line, "event")) {
            case "decision" -> {
                decisions++;
                if (text(line, "verdict").equals("permitted")) {
                    permitted++;
                    wrong += openTunnels.add(id) ? 0 : 1;
                } else {
                    reasons.merge("refused: " + text(line, "reason"), 1L, Long::sum);
                }
            }
            case "tunnel" -> {
                tunnels++;
                wrong += openTunnels.remove(id) ? 0 : 1;
                reasons.merge("permitted: " + text(line, "outcome"), 1L, Long::sum);
            }
            case "refusals" -> decisions += Long.parseLong(line.replaceFirst(".*,\"count\":([0-9]+),.*", "$1"));
            default -> {}
        }
    }

    /** The value of a field, or nothing; none of those that are asked for has an escape in it. */
    private static String text(String line, String field) {
        String before = "\"" + field + "\":\"";
        int start = line.indexOf(before) + before.length();
        return start < before.length() ? "" : line.substring(start, line.indexOf('"', start));
    }

    long decisions() {
        return decisions;
    }

    long permitted() {
        return permitted;
    }

    long tunnels() {
        return tunnels;
    }

    /** Lines of a tunnel without a decision, and second ones. */
    long wrong() {
        return wrong;
    }

    /** How often which reason and outcome was given. */
    Map<String, Long> reasons() {
        return reasons;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
