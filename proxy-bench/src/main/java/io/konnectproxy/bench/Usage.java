package io.konnectproxy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Linux has counted of a process and its children. */
public final class Usage {
    /** Clock ticks a second, the same on all systems that Java runs on. */
    private static final double TICKS = 100;

    private Usage() {}

    /** User and system time in seconds, in steps of 10 ms. */
    public static double cpuSeconds(ProcessHandle process) {
        return pids(process).mapToDouble(Usage::cpuSeconds).sum();
    }

    /** The same without its children. */
    static double cpuSecondsAlone(ProcessHandle process) {
        return cpuSeconds(process.pid());
    }

    /** How often threads of the process and its children have gone to sleep, because they had nothing to do. */
    static long sleeps(ProcessHandle process) {
        return pids(process).mapToLong(Usage::sleeps).sum();
    }

    private static long sleeps(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.mapToLong(thread -> sleeps(thread.resolve("status"))).sum();
        } catch (IOException e) {
            throw new IllegalStateException("cannot list the threads of process " + pid, e);
        }
    }

    private static long sleeps(Path status) {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            // The thread has ended.
            return 0;
        }
    }

    /**
     * Resident memory in bytes: {@code VmRSS} where there is one process. Where there are several, memory that they share
     * counts once, and of the files that they have mapped what the largest has.
     */
    public static long residentBytes(ProcessHandle process) {
        List<Long> pids = pids(process).toList();
        long memory = pids.stream()
                .mapToLong(pid -> kibibytes(pid, "smaps_rollup", "Pss_Anon:", "Pss_Shmem:"))
                .sum();
        long files = pids.stream()
                .mapToLong(pid -> kibibytes(pid, "status", "RssFile:"))
                .max()
                .orElse(0);
        return 1024 * (memory + files);
    }

    /** Of the process and its children. */
    static Stream<Long> pids(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants()).map(ProcessHandle::pid);
    }

    private static double cpuSeconds(long pid) {
        String stat = read(pid, "stat").get(0);
        // The name, which may have spaces, ends with the last bracket; behind it stands field 3.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[14 - 3]) + Long.parseLong(fields[15 - 3])) / TICKS;
    }

    private static long kibibytes(long pid, String file, String... names) {
        return read(pid, file).stream()
                .filter(line -> Stream.of(names).anyMatch(line::startsWith))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static List<String> read(long pid, String file) {
        Path path = Path.of("/proc", Long.toString(pid), file);
        try {
            return Files.readAllLines(path);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + path, e);
        }
    }
}
