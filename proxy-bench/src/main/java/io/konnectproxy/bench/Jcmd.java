package io.konnectproxy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM says of itself. Needs native memory tracking there: {@value #TRACKING}. */
public final class Jcmd {
    public static final String TRACKING = "-XX:NativeMemoryTracking=summary";

    private static final int PATIENCE_SECONDS = 15;

    /** {@code Total 12345 6789012}: the last line of a histogram, with objects and bytes. */
    private static final Pattern LIVE = Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);
    /** Where native memory tracking counts what Java code has taken, buffers most of all. */
    private static final Pattern TAKEN = Pattern.compile("Other \\(reserved=\\d+, committed=(\\d+)\\)");

    private final long pid;

    public Jcmd(ProcessHandle process) {
        this.pid = process.pid();
    }

    /** Bytes of the objects that live behind a collection, which this makes. */
    public long liveHeapBytes() throws IOException, InterruptedException {
        return first(LIVE, ask("GC.class_histogram"));
    }

    /** Bytes that Java code holds outside the heap. */
    public long bytesOutside() throws IOException, InterruptedException {
        return first(TAKEN, ask("VM.native_memory", "scale=b"));
    }

    /** Has the C library give back to the system what is free. */
    public void trim() throws IOException, InterruptedException {
        ask("System.trim_native_heap");
    }

    private String ask(String... command) throws IOException, InterruptedException {
        Path answer = Files.createTempFile("jcmd", ".txt");
        try {
            ProcessBuilder jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(answer.toFile());
            jcmd.command().addAll(List.of(command));
            Process process = jcmd.start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the JVM does not answer jcmd within " + PATIENCE_SECONDS + " s");
            }
            return Files.readString(answer, StandardCharsets.UTF_8);
        } finally {
            Files.delete(answer);
        }
    }

    private static long first(Pattern pattern, String output) throws IOException {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("jcmd does not say what was expected: " + output);
        }
        return Long.parseLong(matcher.group(1));
    }
}
