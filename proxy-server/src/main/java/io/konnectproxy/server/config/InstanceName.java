package io.konnectproxy.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The name of a proxy in its audit trail, in metrics and for mirrors. By default it is that of the machine. */
final class InstanceName {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final int MOST = 63;
    /** Without the names of directories, for it is a part of the archive's keys. */
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1," + MOST + "}");

    private static final String NAMELESS = "localhost";

    private InstanceName() {}

    /** Reads a name; an empty one is that of the machine. */
    static String parse(String text) {
        if (text.isEmpty()) {
            return ofThisMachine();
        }
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("must be a name of letters, digits, '.', '-' and '_', at most " + MOST
                    + " characters, and neither '.' nor '..'");
        }
        return text;
    }

    /** The host name from Linux, or otherwise from the environment. No name service is asked. */
    static String ofThisMachine() {
        try {
            return allowed(new String(Files.readAllBytes(HOST_NAME), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            String name = System.getenv("HOSTNAME");
            return name == null ? NAMELESS : allowed(name);
        }
    }

    /** A host name may have other characters, and one more. */
    static String allowed(String host) {
        String name = host.strip().replaceAll("[^A-Za-z0-9._-]", "-");
        String cut = name.substring(0, Math.min(name.length(), MOST));
        return NAME.matcher(cut).matches() ? cut : NAMELESS;
    }
}
