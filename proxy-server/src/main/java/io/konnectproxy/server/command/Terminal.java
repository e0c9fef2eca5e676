package io.konnectproxy.server.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Whether somebody looks at what is printed, or types what is read. The JDK's console does not tell: up to JDK 21 it is about input and output
 * together, and from JDK 22 on it is always there.
 */
enum Terminal {
    STANDARD_INPUT(0),
    STANDARD_OUTPUT(1),
    STANDARD_ERROR(2);

    private final int descriptor;

    Terminal(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Whether this one may be coloured: a terminal, and nobody asked for none (no-color.org). */
    boolean isColoured(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb")
                && isThere();
    }

    boolean isThere() {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return shellSaysSo();
        }
    }

    /** Where there is no Linux below. */
    private boolean shellSaysSo() {
        try {
            Process test = new ProcessBuilder("sh", "-c", "test -t " + descriptor)
                    .inheritIO()
                    .start();
            return test.waitFor(1, TimeUnit.SECONDS) && test.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
