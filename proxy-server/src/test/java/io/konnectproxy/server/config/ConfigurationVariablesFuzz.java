package io.konnectproxy.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The input is an environment, a variable a line as env(1) shows it; beside it a file that names a region. */
public final class ConfigurationVariablesFuzz {
    private static final Path FILE = ConfigurationFuzz.file("regions: [us]");

    private ConfigurationVariablesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Map<String, String> environment = new TreeMap<>();
        for (String line : new String(input, UTF_8).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                environment.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        environment.putIfAbsent(ConfigurationFuzz.HOSTS_VARIABLE, ConfigurationFuzz.HOSTS.toString());
        ConfigurationFuzz.holdsFor(FILE, environment, Sentences.ANY);
    }
}
