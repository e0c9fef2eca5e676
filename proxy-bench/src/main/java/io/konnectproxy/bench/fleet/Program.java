package io.konnectproxy.bench.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged proxy's commands, each in a process of its own that ends within a time. */
final class Program {
    private static final int PATIENCE_SECONDS = 120;

    private final Path jar;
    private final Path directory;

    /**
     * What a command did.
     *
     * @param output what it said on standard output
     * @param errors what it said on standard error
     * @param cpuSeconds of all its threads, to a twentieth of a second before its end
     * @param mostBytes that it had resident at once
     */
    record Outcome(int exitCode, String output, String errors, double seconds, double cpuSeconds, long mostBytes) {}

    /**
     * @param directory where the output goes meanwhile
     */
    Program(Path jar, Path directory) {
        this.jar = jar;
        this.directory = directory;
    }

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The key of the store, for the proxies and for the commands. */
    static void credentials(ProcessBuilder process) {
        Map<String, String> environment = process.environment();
        environment.put("AWS_ACCESS_KEY_ID", Store.ACCESS_KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", Store.SECRET_KEY);
    }

    /** Starts the proxy's jar with the heap that the fleet's machines have. */
    ProcessBuilder proxy(Path configuration, Path log) {
        ProcessBuilder process = new ProcessBuilder(
                        java().toString(),
                        "@" + Path.of("config", "jvm.options").toAbsolutePath(),
                        "-XX:MaxRAM=256m",
                        // Twenty optimising compilers would fight for two cores.
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar.toString(),
                        "run",
                        "-c",
                        configuration.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        credentials(process);
        return process;
    }

    /** Runs a command to its end. */
    Outcome run(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", "");
        Path errors = Files.createTempFile(directory, "errors", "");
        List<String> command = new ArrayList<>(List.of(java().toString(), "-jar", jar.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        credentials(builder);
        long begin = System.nanoTime();
        Process process = builder.start();
        long most = 0;
        double cpu = 0;
        try {
            while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
                most = Math.max(most, residentBytes(process));
                cpu = Math.max(cpu, cpuSeconds(process));
                if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                    throw new IOException("konnect-proxy " + String.join(" ", arguments) + " does not end within "
                            + PATIENCE_SECONDS + " s: " + Files.readString(errors));
                }
            }
        } finally {
            process.destroyForcibly();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Outcome(process.exitValue(), Files.readString(output), Files.readString(errors), seconds, cpu, most);
    }

    private static double cpuSeconds(Process process) {
        return process.info()
                .totalCpuDuration()
                .map(duration -> duration.toMillis() / 1e3)
                .orElse(0.0);
    }

    /** What Linux says is the most that the process has had so far; 0 where it has ended. */
    private static long residentBytes(Process process) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
