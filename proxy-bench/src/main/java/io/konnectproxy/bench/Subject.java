package io.konnectproxy.bench;

import io.konnectproxy.bench.micro.Hellos;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is compared: proxies as a user of Debian has them, an earlier build of this one, and none at all. Behind them this
 * one with other settings than the default, as a {@link #isVariant variant}.
 */
enum Subject {
    KONNECT_PROXY("konnect-proxy", "konnect-proxy.jar"),
    BEFORE("before", "before.jar"),
    SQUID("Squid", "squid.conf", Hellos.HOST, "squid", "-N -f"),
    TINYPROXY("tinyproxy", "tinyproxy.conf", "localhost", "tinyproxy", "-d -c"),
    APACHE("Apache", "apache.conf", "localhost", "apache2", "-DFOREGROUND -f"),
    SMOKESCREEN("Smokescreen", "smokescreen.yaml", Hellos.HOST, "smokescreen", "--config-file"),
    DIRECT("direct", "", "", "", ""),
    /** Its clients use TLS. */
    TLS("tls", "konnect-proxy.jar"),
    /** All its tunnels go through another process of this proxy. */
    PARENT("parent", "konnect-proxy.jar"),
    /** All its tunnels go through Squid. */
    SQUID_PARENT("squid-parent", "konnect-proxy.jar"),
    /** A reply waits until its line is synced. */
    DISK("disk", "konnect-proxy.jar");

    private static final Duration WARM_UP = Duration.ofSeconds(3);
    /** It compiles itself while it runs. */
    private static final Duration WARM_UP_OF_JAVA = Duration.ofSeconds(45);

    private final String label;
    private final String template;
    private final String host;
    private final String jar;
    private final String program;
    private final String options;

    /** A build of this proxy: the jar that this system property names. */
    Subject(String label, String jar) {
        this.label = label;
        this.template = "konnect-proxy.yaml";
        this.host = Hellos.HOST;
        this.jar = jar;
        this.program = "";
        this.options = "";
    }

    /** Another program. The path of its configuration comes behind the options. */
    Subject(String label, String template, String host, String program, String options) {
        this.label = label;
        this.template = template;
        this.host = host;
        this.jar = "";
        this.program = program;
        this.options = options;
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

    /** What the clients of the closed loop ask for, whose origin has another address: by its address where the system resolves. */
    String loopHost() {
        return host.equals(Hellos.HOST) ? ClosedLoop.HOST : LoopOrigin.ADDRESS.getHostString();
    }

    boolean isJava() {
        return !jar.isEmpty();
    }

    /** This proxy with other settings, for its tunnels and its relay only. */
    boolean isVariant() {
        return this.compareTo(DIRECT) > 0;
    }

    boolean hasTls() {
        return this == TLS;
    }

    /** What its tunnels go through. */
    Optional<Subject> parent() {
        return switch (this) {
            case PARENT -> Optional.of(KONNECT_PROXY);
            case SQUID_PARENT -> Optional.of(SQUID);
            default -> Optional.empty();
        };
    }

    String durability() {
        return this == DISK ? "disk" : "os";
    }

    /** Whether it can be measured here: with what its tunnels go through. */
    boolean isInstalled() {
        boolean present = isJava() ? System.getProperty(jar) != null : program().isPresent();
        return this == DIRECT || (present && parent().map(Subject::isInstalled).orElse(true));
    }

    /** How it is started, with these options where it is Java. */
    List<String> command(List<String> javaOptions, Path configuration) {
        List<String> command = new ArrayList<>();
        if (launcher().isPresent()) {
            command.addAll(List.of(launcher().get(), "run", "-c"));
        } else if (isJava()) {
            command.add(java());
            command.addAll(javaOptions);
            command.addAll(
                    List.of("@" + System.getProperty("jvm.options"), "-jar", System.getProperty(jar), "run", "-c"));
        } else {
            command.add(program().orElseThrow().toString());
            command.addAll(List.of(options.split(" ", -1)));
        }
        command.add(configuration.toString());
        return command;
    }

    /** What its process has in its environment besides, for the same options. */
    Map<String, String> environment(List<String> javaOptions) {
        return launcher().isEmpty()
                ? Map.of()
                : Map.of("JAVA_HOME", javaHome(), "JDK_JAVA_OPTIONS", String.join(" ", javaOptions));
    }

    /** The script that the system property {@code launcher} names, in place of Java itself. */
    private Optional<String> launcher() {
        return this == KONNECT_PROXY ? Optional.ofNullable(System.getProperty("launcher")) : Optional.empty();
    }

    /**
     * What a command of konnect-proxy says, in lines.
     *
     * @throws IOException if it fails
     */
    static List<String> ask(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java(), "-jar", System.getProperty(KONNECT_PROXY.jar)));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> answer;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            answer = lines.lines().toList();
        }
        if (process.waitFor() != 0) {
            throw new IOException("konnect-proxy " + arguments[0] + " has failed.");
        }
        return answer;
    }

    /** The Java of this proxy: that of the system property {@code subject.java}, or the one that runs this. */
    private static String javaHome() {
        return System.getProperty("subject.java", System.getProperty("java.home"));
    }

    private static String java() {
        return Path.of(javaHome(), "bin", "java").toString();
    }

    /** On the path, or where Debian has what only root runs. */
    private Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
        return Arrays.stream(path.split(":", -1))
                .map(directory -> Path.of(directory, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** How long tunnels are opened and closed before anything is measured. */
    Duration warmUp() {
        return isJava() ? WARM_UP_OF_JAVA : WARM_UP;
    }
}
