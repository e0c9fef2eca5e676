package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of this machine, for tests that are clients of the proxy. */
public final class Programs {
    private Programs() {}

    public static boolean onPath(String program) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /** What a program prints on either stream, within a bounded time. */
    public static String run(String input, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("timeout", "20"));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(UTF_8));
        process.getOutputStream().flush();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.getOutputStream().close();
        process.waitFor();
        return output;
    }
}
