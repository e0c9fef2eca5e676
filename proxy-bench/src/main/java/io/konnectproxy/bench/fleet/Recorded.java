package io.konnectproxy.bench.fleet;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The lines of trails as anybody can read them, without the proxy's reader. */
final class Recorded {
    private static final Pattern LINE = Pattern.compile("\\{\"v\":2,\"trail\":\"([0-9a-f]{12})\",\"seq\":(\\d+),.*");
    private static final Pattern EVENT = Pattern.compile("\"event\":\"(\\w+)\"");
    private static final Pattern INSTANCE = Pattern.compile("\"instance\":\"([^\"]*)\"");
    private static final Pattern CLIENT = Pattern.compile("\"client\":\\{\"address\":\"([0-9.]+)\",\"port\":(\\d+),");
    private static final Pattern VERDICT = Pattern.compile("\"verdict\":\"(\\w+)\",\"reason\":\"(\\w+)\"");
    private static final Pattern SUMMED =
            Pattern.compile("\"client\":\\{\"address\":\"([0-9.]+)\"\\},.*?\"count\":(\\d+),");
    private static final Pattern OUTCOME = Pattern.compile("\"outcome\":\"(\\w+)\"");
    private static final Pattern BYTES = Pattern.compile("\"bytes_up\":(\\d+),\"bytes_down\":(\\d+),");

    /** A line that names a client, and where it stands. */
    record Place(String trail, long seq) {}

    /** A decision, and the place of its line. */
    record Decision(Place place, boolean permitted, String reason) {}

    /** The end of a tunnel, and the place of its line. */
    record Tunnel(Place place, String outcome, long up, long down) {}

    /** One trail: the numbers of the lines that were read. */
    static final class Range {
        private final BitSet seen = new BitSet();
        private String instance = "";
        private long lastCheckpoint;

        /** The number of the last signed line; 0 where there is none. */
        long lastCheckpoint() {
            return lastCheckpoint;
        }

        String instance() {
            return instance;
        }

        long first() {
            return seen.nextSetBit(0);
        }

        long last() {
            return seen.length() - 1L;
        }

        /** Each counted once, also where a file and its compressed copy stand beside each other for a moment. */
        long lines() {
            return seen.cardinality();
        }
    }

    private final Map<String, Decision> decisions = new HashMap<>();
    private final Map<String, Tunnel> tunnels = new HashMap<>();
    private final Map<String, Long> summed = new HashMap<>();
    private final Map<String, Range> trails = new HashMap<>();
    private final Map<String, Long> events = new HashMap<>();
    private final Set<String> repeated = new HashSet<>();
    private long bytes;

    static Recorded of(Path directory) throws IOException {
        Recorded recorded = new Recorded();
        recorded.add(directory);
        return recorded;
    }

    /** All files below a directory, checkpoints that lie there by themselves left out. */
    void add(Path directory) throws IOException {
        for (Path file : files(directory)) {
            read(file);
        }
    }

    /** By number, in the order of their names; what a crash left of a line or a compressed file is none. */
    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches(".*\\.jsonl(\\.gz)?"))
                    .filter(file -> !file.getParent().getFileName().toString().equals("checkpoints"))
                    .sorted()
                    .toList();
        }
    }

    private void read(Path file) throws IOException {
        try (InputStream bytesOf = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(bytesOf) : bytesOf;
                BufferedReader lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            String instance = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher whole = LINE.matcher(line);
                if (!whole.matches() || !line.endsWith("\"}")) {
                    // The torn end of a killed proxy's file, which its next start sets aside.
                    continue;
                }
                String event = first(EVENT, line);
                instance = event.equals("start") || event.equals("configuration") ? first(INSTANCE, line) : instance;
                bytes += line.length() + 1;
                add(new Place(whole.group(1), Long.parseLong(whole.group(2))), event, instance, line);
            }
        } catch (EOFException e) {
            throw new IOException(file + " is cut off", e);
        }
    }

    private void add(Place place, String event, String instance, String line) {
        Range range = trails.computeIfAbsent(place.trail(), trail -> new Range());
        int seq = Math.toIntExact(place.seq());
        if (range.seen.get(seq)) {
            return;
        }
        range.seen.set(seq);
        range.instance = instance;
        if (event.equals("checkpoint")) {
            range.lastCheckpoint = Math.max(range.lastCheckpoint, place.seq());
        }
        events.merge(event, 1L, Long::sum);
        if (event.equals("refusals")) {
            Matcher sum = SUMMED.matcher(line);
            if (sum.find()) {
                summed.merge(instance + " " + sum.group(1), Long.parseLong(sum.group(2)), Long::sum);
            }
            return;
        }
        Matcher client = CLIENT.matcher(line);
        if (!client.find()) {
            return;
        }
        String key = instance + " " + client.group(1) + ":" + client.group(2);
        Object before = null;
        if (event.equals("decision")) {
            Matcher verdict = VERDICT.matcher(line);
            if (verdict.find()) {
                boolean permitted = verdict.group(1).equals("permitted");
                before = decisions.put(key, new Decision(place, permitted, verdict.group(2)));
            }
        } else if (event.equals("tunnel")) {
            Matcher counts = BYTES.matcher(line);
            if (counts.find()) {
                long up = Long.parseLong(counts.group(1));
                before = tunnels.put(key, new Tunnel(place, first(OUTCOME, line), up, Long.parseLong(counts.group(2))));
            }
        }
        if (before != null) {
            repeated.add(key);
        }
    }

    private static String first(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? matcher.group(1) : "";
    }

    Map<String, Decision> decisions() {
        return decisions;
    }

    Map<String, Tunnel> tunnels() {
        return tunnels;
    }

    /** How many refusals have no line of their own, by instance and address. */
    Map<String, Long> summed() {
        return summed;
    }

    /** By the name of the trail. */
    Map<String, Range> trails() {
        return trails;
    }

    /** How many lines there are of an event. */
    long count(String event) {
        return events.getOrDefault(event, 0L);
    }

    /** Clients that have more than one decision, or more than one end. */
    Set<String> repeated() {
        return repeated;
    }

    long lines() {
        return trails.values().stream().mapToLong(Range::lines).sum();
    }

    /** Of all lines, not compressed. */
    long bytes() {
        return bytes;
    }
}
