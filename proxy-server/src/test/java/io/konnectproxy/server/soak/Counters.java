package io.konnectproxy.server.soak;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.ObjectName;

/**
 * What the proxy's process holds at one moment, garbage collected.
 *
 * @param connections admitted client connections
 * @param channels live channel objects of either kind, whatever their state
 * @param buffers buffers that were made and not released, as far as the leak detector tracks them: all of them on paranoid
 * @param leaks reports of the leak detector since the start
 * @param files open file descriptors
 * @param heap bytes in use
 * @param direct bytes outside the heap, kept for the next buffer included
 * @param resident bytes of the whole process
 */
record Counters(
        long connections,
        long channels,
        long tunnels,
        long buffers,
        long leaks,
        long files,
        long threads,
        long heap,
        long direct,
        long resident) {

    /** Counts in this process. */
    static Counters of(long connections, long leaks) throws Exception {
        long heap = Memory.heap();
        Map<String, Long> instances = instances();
        return new Counters(
                connections,
                instances.getOrDefault("io.netty.channel.socket.nio.NioSocketChannel", 0L),
                instances.getOrDefault("io.konnectproxy.server.tunnel.Tunnel", 0L),
                instances.getOrDefault("io.netty.util.ResourceLeakDetector$DefaultResourceLeak", 0L),
                leaks,
                openFiles(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                heap,
                Memory.direct(),
                residentBytes());
    }

    /** Live objects by class, as {@code jcmd GC.class_histogram} counts them: lines like {@code 3: 17 4080 java.lang.Class}. */
    private static Map<String, Long> instances() throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return histogram
                .lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns.length >= 4 && columns[0].endsWith(":"))
                .collect(Collectors.toMap(columns -> columns[3], columns -> Long.parseLong(columns[1]), Long::sum));
    }

    private static long openFiles() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            // Looking costs one itself.
            return open.count() - 1;
        }
    }

    private static long residentBytes() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    String line() {
        return Stream.of(connections, channels, tunnels, buffers, leaks, files, threads, heap, direct, resident)
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    static Counters parse(String line) {
        long[] numbers =
                Arrays.stream(line.split(" ", -1)).mapToLong(Long::parseLong).toArray();
        return new Counters(
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                numbers[6],
                numbers[7],
                numbers[8],
                numbers[9]);
    }
}
