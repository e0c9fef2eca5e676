package io.konnectproxy.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.konnectproxy.support.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The class archive of the launchers: once with the real jar and this Java, and with a stand-in for Java where things go wrong. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class ClassArchiveIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String PROVEN =
            "io.konnectproxy.server.config.ConfigurationLoader source: shared objects file";

    /** A checkout that was started once, with its archive. */
    @TempDir
    private static Path started;

    private static String saidAtTheFirstStart = "";

    @TempDir
    private Path directory;

    private final List<Process> processes = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        checkout(started);
        ProcessBuilder run = launch(started, Path.of(System.getProperty("java.home")), "run", "-c", "c.yaml")
                .redirectErrorStream(true);
        // Beside other test processes the lowest priority is next to none.
        shadow(run, started, "nice", """
                #!/bin/sh
                echo "$1 $2" >>'%s'
                shift 2
                exec "$@"
                """.formatted(started.resolve("niceness")));
        Process proxy = run.start();
        try (BufferedReader said = proxy.inputReader(UTF_8)) {
            StringBuilder all = new StringBuilder();
            for (String line = said.readLine(); line != null && !line.contains("can carry"); line = said.readLine()) {
                all.append(line).append('\n');
            }
            Await.until("the archive is made", ClassArchiveIT::isMade);
            proxy.toHandle().destroy();
            said.lines().forEach(line -> all.append(line).append('\n'));
            assertThat(proxy.waitFor()).isZero();
            saidAtTheFirstStart = all.toString();
        } finally {
            proxy.destroyForcibly();
        }
    }

    /** With nothing left of its making. */
    private static boolean isMade() {
        try {
            return archives(started).size() == 1 && left(target(started)).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void copy() throws Exception {
        checkout(directory);
    }

    /** JUnit would say of them that they lead outside. */
    @AfterAll
    static void unlink() throws Exception {
        Files.delete(target(started).resolve("konnect-proxy.jar"));
    }

    @AfterEach
    void end() throws Exception {
        Files.delete(target(directory).resolve("konnect-proxy.jar"));
        processes.stream().flatMap(Process::descendants).forEach(ProcessHandle::destroyForcibly);
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void the_first_start_makes_it_beside_the_jar_and_says_nothing_of_it() throws Exception {
        assertThat(saidAtTheFirstStart.lines()).allMatch(line -> line.startsWith("20"));
        assertThat(Files.readAllLines(started.resolve("audit.jsonl")))
                .extracting(line -> line.replaceAll(".*\"event\":\"(\\w+)\".*", "$1"))
                .containsExactly("start", "configuration", "drain", "stop");
        assertThat(Files.readAllLines(started.resolve("niceness"))).containsExactly("-n 19");
        Path archive = archives(started).get(0);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
                .isEqualTo("r--r--r--");
    }

    @Test
    void the_next_one_uses_it_and_says_nothing_of_it() throws Exception {
        assertThat(loaded(started)).anyMatch(line -> line.contains(PROVEN));
    }

    /** As a build that is the same byte for byte in size and date, and another one. */
    @Test
    void another_jar_of_the_same_size_and_date_does_not_use_it() throws Exception {
        useArchiveOfStarted();
        Path other = directory.resolve("other.jar");
        Files.copy(Path.of("target", "konnect-proxy.jar"), other, StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(other, target(directory).resolve("konnect-proxy.jar"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(loaded(directory)).noneMatch(line -> line.contains(PROVEN));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"empty", "garbage", "cut off", "writable by the group", "writable by all", "a link"})
    void what_it_cannot_use_is_as_if_it_were_not_there(String what) throws Exception {
        Path archive = useArchiveOfStarted();
        switch (what) {
            case "empty" -> rewrite(archive, new byte[0]);
            case "garbage" -> rewrite(archive, new byte[(int) Files.size(archive)]);
            case "cut off" -> {
                byte[] whole = Files.readAllBytes(archive);
                rewrite(archive, Arrays.copyOf(whole, whole.length / 2));
            }
            case "writable by the group" -> mode(archive, "rw-rw-r--");
            case "writable by all" -> mode(archive, "rw-r--rw-");
            case "a link" -> {
                Path moved = Files.move(archive, directory.resolve("moved"));
                Files.createSymbolicLink(archive, moved);
            }
            default -> throw new IllegalArgumentException(what);
        }
        assertThat(loaded(directory)).noneMatch(line -> line.contains(PROVEN));
    }

    @Test
    void a_file_of_somebody_else_is_not_used() throws Exception {
        assumeTrue(isRoot());
        standIn(17);
        make();
        assertThat(run("check")).contains("-XX:SharedArchiveFile=");
        Files.setAttribute(archives(directory).get(0), "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        assertThat(run("check")).doesNotContain("-XX:SharedArchiveFile=");
    }

    @ParameterizedTest
    @CsvSource({"17, -XX:SharedArchiveFile=, jsa, -Xlog:cds*=off", "25, -XX:AOTCache=, aot, -Xlog:aot*=off"})
    void each_java_has_its_own_kind(int major, String option, String kind, String quietly) throws Exception {
        standIn(major);
        make();
        assertThat(archives(directory)).singleElement().asString().endsWith(kind);
        assertThat(run("check")).contains(option + archives(directory).get(0) + " " + quietly + " -jar");
    }

    @Test
    void another_java_does_not_use_it() throws Exception {
        standIn(17);
        make();
        Files.writeString(home().resolve("lib/server/libjvm.so"), "an update");
        assertThat(run("check")).doesNotContain("SharedArchiveFile");
    }

    @Test
    void where_the_place_is_read_only_there_is_none_and_nothing_is_said() throws Exception {
        standIn(17);
        mode(target(directory), "r-xr-xr-x");
        try {
            assertThat(runAsNobody("run"))
                    .isEqualTo(home() + " @" + directory + "/config/jvm.options -jar "
                            + target(directory).resolve("konnect-proxy.jar") + " run\n");
            assertThat(archives(directory)).isEmpty();
        } finally {
            mode(target(directory), "rwxr-xr-x");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"the disk is full, exit 1", "the JVM does not accept it, bad", "it makes none, none"})
    void there_is_none_where(String what, String behaviour) throws Exception {
        standIn(17);
        Files.writeString(home().resolve("behaviour"), behaviour);
        assertThat(make())
                .endsWith("makes no class archive of " + target(directory).resolve("konnect-proxy.jar")
                        + ", so the proxy starts without one.\n");
        assertThat(archives(directory)).isEmpty();
        assertThat(left(target(directory))).isEmpty();
    }

    /** Those who come while one is made leave it to that one. */
    @Test
    void of_starts_at_the_same_moment_one_makes_it() throws Exception {
        standIn(17);
        Files.writeString(home().resolve("behaviour"), "wait");
        Process first = making();
        Await.value(() -> Files.exists(home().resolve("making")), true);
        assertThat(make()).isEmpty();
        assertThat(archives(directory)).isEmpty();
        Files.writeString(home().resolve("behaviour"), "");
        assertThat(first.waitFor()).isZero();
        assertThat(archives(directory)).hasSize(1);
        assertThat(Files.readAllLines(home().resolve("making"))).hasSize(1);
    }

    @Test
    void what_a_killed_one_left_is_removed_by_the_next() throws Exception {
        standIn(17);
        Files.writeString(home().resolve("behaviour"), "wait");
        Process killed = making();
        Await.value(() -> Files.exists(home().resolve("making")), true);
        List<ProcessHandle> all = new ArrayList<>(killed.descendants().toList());
        killed.destroyForcibly().waitFor();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            each.onExit().get(5, TimeUnit.SECONDS);
        }
        assertThat(left(target(directory))).hasSize(1);
        assertThat(archives(directory)).isEmpty();
        Files.writeString(home().resolve("behaviour"), "");
        assertThat(make()).isEmpty();
        assertThat(left(target(directory))).isEmpty();
        assertThat(archives(directory)).hasSize(1);
    }

    @Test
    void that_of_one_more_java_stays_and_older_ones_go() throws Exception {
        for (int update = 1; update <= 3; update++) {
            standIn(17);
            Files.writeString(home().resolve("lib/server/libjvm.so"), "update".repeat(update));
            assertThat(make()).isEmpty();
            assertThat(archives(directory)).hasSize(Math.min(update, 2));
        }
    }

    /** The JVM does not start with two of a kind, and which one the user wants, the user has said. */
    @ParameterizedTest
    @CsvSource({
        "JDK_JAVA_OPTIONS, -Xshare:off",
        "JDK_JAVA_OPTIONS, -Xmx1g -XX:AOTCacheOutput=mine.aot",
        "JDK_JAVA_OPTIONS, -XX:AOTMode=record",
        "JDK_JAVA_OPTIONS, -XX:ArchiveClassesAtExit=mine.jsa",
        "JDK_JAVA_OPTIONS, -XX:SharedArchiveFile=mine.jsa",
        "JDK_JAVA_OPTIONS, -Xmx1g @more.options",
        "JAVA_TOOL_OPTIONS, -Xshare:auto",
        "_JAVA_OPTIONS, -XX:SharedClassListFile=mine",
    })
    void it_gives_way_to_flags_of_the_user_that_do_not_go_with_it(String variable, String flags) throws Exception {
        standIn(25);
        make();
        ProcessBuilder run = launch(directory, home(), "run");
        run.environment().put(variable, flags);
        assertThat(said(run)).doesNotContain("AOTCache=");
        ProcessBuilder other = launch(directory, home(), "run");
        other.environment().put(variable, "-Xmx1g -Dmail=a@b.example");
        assertThat(said(other)).contains("AOTCache=");
        assertThat(make()).isEmpty();
        assertThat(Files.readAllLines(home().resolve("making"))).hasSize(1);
    }

    /** As in German, where stat(1) has a comma before the fractions. */
    @Test
    void its_name_is_the_same_in_every_language() throws Exception {
        standIn(17);
        make();
        ProcessBuilder german = launch(directory, home(), "check");
        shadow(german, directory, "stat", """
                #!/bin/sh
                PATH=${PATH#*:}
                [ "${LC_ALL:-}" != C ] || exec stat "$@"
                stat "$@" | sed 's/\\.\\([0-9]\\{9\\}\\)/,\\1/'
                """);
        assertThat(said(german))
                .contains("-XX:SharedArchiveFile=" + archives(directory).get(0));
    }

    /** What is known of the user's Java comes from files, and the rehearsal gets none of the user's flags and variables. */
    @Test
    void the_rehearsal_has_nothing_of_the_environment() throws Exception {
        standIn(17);
        make();
        assertThat(Files.readString(home().resolve("environment"))).doesNotContain("JAVA", "KONNECT");
    }

    private static void checkout(Path directory) throws IOException {
        Files.createDirectories(target(directory));
        Files.createDirectories(directory.resolve("config"));
        Files.createDirectories(directory.resolve("deploy/package"));
        for (String file : List.of("konnect-proxy", "config/jvm.options", "deploy/package/archive")) {
            Files.copy(
                    ROOT.resolve(file),
                    directory.resolve(file),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Files.createSymbolicLink(
                target(directory).resolve("konnect-proxy.jar"),
                Path.of("target", "konnect-proxy.jar").toAbsolutePath());
        Files.writeString(directory.resolve("c.yaml"), """
                listen: [{address: '127.0.0.1:0'}]
                regions: [us]
                admin: {address: '127.0.0.1:0'}
                audit: {file: audit.jsonl, stdout: false}
                """);
    }

    private static Path target(Path checkout) {
        return checkout.resolve("proxy-server/target");
    }

    private static ProcessBuilder launch(Path checkout, Path home, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(checkout.resolve("konnect-proxy").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(checkout.toFile());
        builder.environment().put("JAVA_HOME", home.toString());
        return builder;
    }

    /** Has it find this script in place of the command. */
    private static void shadow(ProcessBuilder process, Path checkout, String command, String script)
            throws IOException {
        Path bin = Files.createDirectory(checkout.resolve("bin"));
        mode(Files.writeString(bin.resolve(command), script), "rwxr-xr-x");
        process.environment().merge("PATH", bin.toString(), (path, first) -> first + ":" + path);
    }

    /** The archives of a checkout. */
    private static List<Path> archives(Path checkout) throws IOException {
        try (Stream<Path> files = Files.list(target(checkout))) {
            return files.filter(file -> file.toString().matches(".*\\.(jsa|aot)"))
                    .sorted()
                    .toList();
        }
    }

    /** What is neither jar nor archive. */
    private static List<Path> left(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> !file.toString().matches(".*\\.(jsa|aot|jar)"))
                    .toList();
        }
    }

    private static void rewrite(Path file, byte[] content) throws IOException {
        Files.delete(file);
        Files.write(file, content);
    }

    private static void mode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The archive of the first start, in this checkout. */
    private Path useArchiveOfStarted() throws Exception {
        Path archive = archives(started).get(0);
        return Files.copy(
                archive, target(directory).resolve(archive.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** The classes that a command of this checkout loads, with where they came from; it must not say a word on standard error. */
    private static List<String> loaded(Path checkout) throws Exception {
        Path log = Files.createTempFile(checkout, "classes", ".log");
        ProcessBuilder check = launch(checkout, Path.of(System.getProperty("java.home")), "check", "-c", "c.yaml")
                .redirectErrorStream(true);
        check.environment().put("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + log);
        Process process = check.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.replaceAll("NOTE: Picked up JDK_JAVA_OPTIONS: .*\n", "")
                        .lines()
                        .filter(line -> !line.isEmpty()))
                .as("only what check says")
                .noneMatch(line -> line.startsWith("["));
        return Files.readAllLines(log);
    }

    private Path home() {
        return Objects.requireNonNull(directory.resolve("home"));
    }

    /** A Java that makes archives as it is told to, and otherwise says what it was called with. */
    private void standIn(int major) throws Exception {
        Files.createDirectories(home().resolve("bin"));
        Files.createDirectories(home().resolve("lib/server"));
        Files.writeString(home().resolve("lib/server/libjvm.so"), "");
        Files.writeString(home().resolve("release"), "JAVA_VERSION=\"" + major + ".0.1\"\n");
        if (Files.notExists(home().resolve("behaviour"))) {
            Files.writeString(home().resolve("behaviour"), "");
        }
        Path java = Files.writeString(home().resolve("bin/java"), """
                #!/bin/sh
                home=%s
                read -r behaviour <"$home/behaviour"
                for argument; do
                    case $argument in
                        -XX:ArchiveClassesAtExit=* | -XX:AOTCacheOutput=*)
                            env >"$home/environment"
                            echo making >>"$home/making"
                            while [ "$behaviour" = wait ]; do sleep 0.05; read -r behaviour <"$home/behaviour"; done
                            [ "$behaviour" = none ] || echo classes >"${argument#*=}"
                            [ "$behaviour" != "exit 1" ] || exit 1
                            exit 0;;
                        -Xshare:on | -XX:AOTMode=on)
                            [ "$behaviour" != bad ] && [ "$behaviour" != none ]
                            exit;;
                    esac
                done
                echo "$home" "$@"
                """.formatted(home()));
        mode(java, "rwxr-xr-x");
    }

    private String run(String... arguments) throws Exception {
        return said(launch(directory, home(), arguments));
    }

    /** As a user who may not write everywhere. */
    private String runAsNobody(String command) throws Exception {
        ProcessBuilder builder = launch(directory, home(), command);
        if (isRoot()) {
            for (Path path = directory; path != null && !path.equals(Path.of("/tmp")); path = path.getParent()) {
                assumeTrue(Files.getPosixFilePermissions(path).size() >= 3);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            builder.command().addAll(0, List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
        }
        return said(builder);
    }

    private static String said(ProcessBuilder builder) throws Exception {
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private Process making() throws Exception {
        String version = Files.readString(home().resolve("release")).replaceAll("\\D*(\\d+)[^$]*", "$1");
        return sh("make_archive \"$@\" " + directory.resolve("config/jvm.options"), home(), version);
    }

    private String make() throws Exception {
        return new String(making().getInputStream().readAllBytes(), UTF_8);
    }

    private Process sh(String command, Path home, String major) throws Exception {
        ProcessBuilder sh = new ProcessBuilder(
                        "/bin/sh",
                        "-euc",
                        ". " + directory.resolve("deploy/package/archive") + "; " + command,
                        "sh",
                        target(directory).toString(),
                        home.toString(),
                        major,
                        target(directory).resolve("konnect-proxy.jar").toString())
                .redirectErrorStream(true);
        sh.environment().put("JAVA_TOOL_OPTIONS", "-Xmx1g");
        sh.environment().put("KONNECT_PROXY_REGIONS", "eu");
        Process process = sh.start();
        processes.add(process);
        return process;
    }
}
