package io.konnectproxy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the JVM itself says of 5,000 idle tunnels: objects that live behind a collection, and memory that they hold outside. */
final class HeapTrial {
    private static final int WARM_UP = 500;
    private static final int TUNNELS = 5_000;

    /** {@code Total 12345 6789012}: the last line of a histogram, with objects and bytes. */
    private static final Pattern LIVE = Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);
    /** Where native memory tracking counts what Java code has taken, buffers most of all. */
    private static final Pattern TAKEN = Pattern.compile("Other \\(reserved=\\d+, committed=(\\d+)\\)");

    private HeapTrial() {}

    static void run(Bench bench, Results results) throws IOException, InterruptedException {
        try (Running running = bench.start(Subject.KONNECT_PROXY, List.of("-XX:NativeMemoryTracking=summary"))) {
            Fleet fleet = new Fleet(bench.client(), running.route());
            fleet.grow(WARM_UP);
            bench.client().closeAll();
            long before = bytes(running);
            fleet.grow(TUNNELS);
            results.add(Figure.IDLE_HEAP, Subject.KONNECT_PROXY, (double) (bytes(running) - before) / TUNNELS / 1024);
            bench.client().closeAll();
        }
    }

    private static long bytes(Running running) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(1);
        return first(LIVE, jcmd(running, "GC.class_histogram"))
                + first(TAKEN, jcmd(running, "VM.native_memory", "scale=b"));
    }

    private static String jcmd(Running running, String... command) throws IOException, InterruptedException {
        ProcessBuilder jcmd = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(running.process().pid()));
        jcmd.command().addAll(List.of(command));
        Process process = jcmd.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static long first(Pattern pattern, String output) throws IOException {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("jcmd does not say what was expected: " + output);
        }
        return Long.parseLong(matcher.group(1));
    }
}
