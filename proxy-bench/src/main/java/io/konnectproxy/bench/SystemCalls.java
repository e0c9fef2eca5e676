package io.konnectproxy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts the system calls of a process and its children with strace, from when it is opened until {@link #count}. */
final class SystemCalls implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 15;

    /** A line of its summary: share, seconds, microseconds a call, calls, errors if there were any, name. */
    private static final Pattern LINE =
            Pattern.compile("\\s*[\\d.]+\\s+[\\d.]+\\s+\\d+\\s+(\\d+)(?:\\s+\\d+)?\\s+(\\w+)\\s*");

    private final Process strace;
    private final Path summary;

    private SystemCalls(Process strace, Path summary) {
        this.strace = strace;
        this.summary = summary;
    }

    /**
     * Waits until strace follows all threads.
     *
     * @throws IOException with a sentence, where strace is not installed or may not follow the process
     */
    static SystemCalls of(ProcessHandle process) throws IOException, InterruptedException {
        Path summary = Files.createTempFile("strace", ".txt");
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-c", "-o", summary.toString()));
        Usage.pids(process).forEach(pid -> command.addAll(List.of("-p", Long.toString(pid))));
        Process strace;
        try {
            strace = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            Files.delete(summary);
            throw new IOException("strace is not installed", e);
        }
        SystemCalls calls = new SystemCalls(strace, summary);
        BufferedReader said = strace.inputReader(StandardCharsets.UTF_8);
        String line = said.readLine();
        if (line == null || !line.contains("attached")) {
            calls.close();
            throw new IOException("strace may not follow another process: " + line);
        }
        // What it says of further threads must not fill the pipe.
        Thread drain = new Thread(() -> said.lines().forEach(ignored -> {}), "strace");
        drain.setDaemon(true);
        drain.start();
        // One line a process: its threads are attached by then, and those of the next one a moment later.
        TimeUnit.MILLISECONDS.sleep(500);
        return calls;
    }

    /** Lets go of the process. Returns calls by name, the most frequent first. */
    Map<String, Long> count() throws IOException, InterruptedException {
        // As by Ctrl-C: by SIGTERM it detaches, too, but ends with that signal.
        new ProcessBuilder("kill", "-INT", Long.toString(strace.pid())).start().waitFor();
        if (!strace.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("strace does not end within " + PATIENCE_SECONDS + " s");
        }
        return read(Files.readAllLines(summary, StandardCharsets.UTF_8));
    }

    /** Reads what {@code strace -c} writes. */
    static Map<String, Long> read(List<String> lines) {
        Map<String, Long> calls = new LinkedHashMap<>();
        lines.stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .filter(line -> !line.group(2).equals("total"))
                .sorted(Comparator.comparingLong((Matcher line) -> Long.parseLong(line.group(1)))
                        .reversed())
                .forEach(line -> calls.put(line.group(2), Long.parseLong(line.group(1))));
        return calls;
    }

    /** What is followed goes on. */
    @Override
    public void close() throws IOException {
        strace.destroy();
        strace.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        Files.deleteIfExists(summary);
    }
}
