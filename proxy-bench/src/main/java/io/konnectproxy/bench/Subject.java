package io.konnectproxy.bench;

import io.konnectproxy.bench.micro.Hellos;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is compared: proxies as a user of Debian has them, an earlier build of this one, and none at all. */
enum Subject {
    KONNECT_PROXY("konnect-proxy", "konnect-proxy.yaml", Hellos.HOST) {
        @Override
        Optional<Path> program() {
            return Optional.of(java());
        }

        @Override
        List<String> arguments(Path configuration) {
            return run(System.getProperty("konnect-proxy.jar"), configuration);
        }

        /** It compiles itself while it runs. */
        @Override
        Duration warmUp() {
            return Duration.ofSeconds(45);
        }
    },
    /** The jar that the system property {@code before.jar} names. */
    BEFORE("before", "konnect-proxy.yaml", Hellos.HOST) {
        @Override
        Optional<Path> program() {
            return Optional.ofNullable(System.getProperty("before.jar")).map(jar -> java());
        }

        @Override
        List<String> arguments(Path configuration) {
            return run(System.getProperty("before.jar"), configuration);
        }

        /** It compiles itself while it runs. */
        @Override
        Duration warmUp() {
            return Duration.ofSeconds(45);
        }
    },
    SQUID("Squid", "squid.conf", Hellos.HOST, "squid") {
        @Override
        List<String> arguments(Path configuration) {
            return List.of("-N", "-f", configuration.toString());
        }
    },
    TINYPROXY("tinyproxy", "tinyproxy.conf", "localhost", "tinyproxy") {
        @Override
        List<String> arguments(Path configuration) {
            return List.of("-d", "-c", configuration.toString());
        }
    },
    APACHE("Apache", "apache.conf", "localhost", "apache2") {
        @Override
        List<String> arguments(Path configuration) {
            return List.of("-DFOREGROUND", "-f", configuration.toString());
        }
    },
    DIRECT("direct", "", "") {
        @Override
        Optional<Path> program() {
            return Optional.empty();
        }

        @Override
        List<String> arguments(Path configuration) {
            throw new IllegalStateException("there is nothing to start");
        }
    };

    private final String label;
    private final String template;
    private final String host;
    private final String program;

    Subject(String label, String template, String host) {
        this(label, template, host, "");
    }

    Subject(String label, String template, String host, String program) {
        this.label = label;
        this.template = template;
        this.host = host;
        this.program = program;
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private static List<String> run(String jar, Path configuration) {
        return List.of("@" + System.getProperty("jvm.options"), "-jar", jar, "run", "-c", configuration.toString());
    }

    String label() {
        return label;
    }

    /** The name of its configuration file. */
    String template() {
        return template;
    }

    /** What its clients ask for: localhost where names are resolved as the system does, which knows no other that leads here. */
    String host() {
        return host;
    }

    /** Empty where it is not installed. */
    Optional<Path> program() {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    abstract List<String> arguments(Path configuration);

    /** How long tunnels are opened and closed before anything is measured. */
    Duration warmUp() {
        return Duration.ofSeconds(3);
    }
}
