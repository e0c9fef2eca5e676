package io.konnectproxy.server.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command of that name, whose files are those that people have. */
final class Openssl {
    private Openssl() {}

    static boolean isThere() {
        try {
            return run("version").startsWith("OpenSSL 3") || run("version").startsWith("OpenSSL 4");
        } catch (IOException | InterruptedException | AssertionError e) {
            return false;
        }
    }

    /** Runs it with these arguments, between which there are spaces; what it said. */
    static String run(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ", -1)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("openssl " + arguments + ": " + said);
        }
        return said;
    }
}
