package io.konnectproxy.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher of the packages under this system's sh, with stand-ins for the Javas of a system. */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {
    private static final Path LAUNCHER = Path.of("..", "deploy", "package", "konnect-proxy");

    @TempDir
    private Path system;

    private List<String> arguments = List.of("explain", "a b");

    @BeforeEach
    void install() throws Exception {
        Files.createDirectories(system.resolve("jvms"));
        Files.createDirectories(system.resolve("bin"));
        for (String tool : new String[] {"readlink", "sed"}) {
            Path found = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool) : Path.of("/bin", tool);
            Files.createSymbolicLink(system.resolve("bin").resolve(tool), found);
        }
        String launcher = Files.readString(LAUNCHER);
        assertThat(launcher).contains("\njvms=/usr/lib/jvm\n", "\nshare=/usr/share/konnect-proxy\n");
        Files.writeString(
                system.resolve("launcher"),
                launcher.replace("jvms=/usr/lib/jvm", "jvms=" + system.resolve("jvms"))
                        .replace("share=/usr/share", "share=/share"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(nullValues = "-", textBlock = """
            the java of the PATH,                     17.0.15, 17.0.15 21.0.2,      -,       on-the-path
            even where a newer one is installed,      17,      25,                  -,       on-the-path
            the newest where that is too old,         11.0.20, 17.0.15 21.0.2,      -,       jvms/21.0.2
            by number and not by letters,             -,       9.0.4 17 100.0.1,    -,       jvms/100.0.1
            1.8.0 is not newer than 17,               1.8.0_372, 17.0.1 1.8.0_402,  -,       jvms/17.0.1
            an early access build,                    -,       25-ea,               -,       jvms/25-ea
            JAVA_HOME before all others,              17,      25,                  21.0.2,  java-home
            """)
    void takes(String what, String onPath, String installed, String javaHome, String taken) throws Exception {
        assertThat(run(onPath, installed, javaHome))
                .isEqualTo("0: " + system.resolve(taken)
                        + " @/share/konnect-proxy/jvm.options -Dkonnect-proxy.config=/etc/konnect-proxy/konnect-proxy.yaml"
                        + " -jar /share/konnect-proxy/konnect-proxy.jar explain a b\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(nullValues = "-", textBlock = """
            where there is none,                      -,       '',        -,       No Java 17 or later found on the PATH or in JVMS.
            where all are too old,                    11,      8 1.7.0,   -,       No Java 17 or later found on the PATH or in JVMS.
            where that of JAVA_HOME is too old,       17,      25,        11,      'JAVA_HOME is ''HOME'', where there is no Java 17 or later.'
            """)
    void says_what_to_do(String what, String onPath, String installed, String javaHome, String sentence)
            throws Exception {
        assertThat(run(onPath, installed, javaHome))
                .startsWith("1: "
                        + sentence.replace("JVMS", system.resolve("jvms").toString())
                                .replace("'HOME'", "'" + system.resolve("java-home") + "'"))
                .hasLineCount(1);
    }

    /** A JRE in a JDK 8 has no file that names its version. */
    @Test
    void asks_a_java_that_has_no_file_with_its_version() throws Exception {
        Path old = java("on-the-path", "1.8.0_372");
        Files.delete(old.resolve("release"));
        assertThat(run("1.8.0_372", "17", null)).contains("jvms/17 ");
        Files.writeString(old.resolve("bin/java"), fake("18.0.1", old));
        assertThat(run(null, "17", null)).contains("on-the-path ");
    }

    /** Made by its own command, in the place of the packages. */
    @Test
    void uses_the_archive_that_was_made_for_this_java() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")), "without flock(1) no archive is made");
        for (String tool : new String[] {
            "stat", "mkdir", "mktemp", "rm", "mv", "chmod", "sync", "ls", "tail", "flock", "timeout", "env", "sh"
        }) {
            Files.createSymbolicLink(
                    system.resolve("bin").resolve(tool),
                    Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool) : Path.of("/bin", tool));
        }
        Path share = Files.createDirectories(system.resolve("share"));
        Files.copy(LAUNCHER.resolveSibling("archive"), share.resolve("archive"));
        Files.writeString(share.resolve("konnect-proxy.jar"), "");
        Path launcher = system.resolve("launcher");
        Files.writeString(
                launcher,
                Files.readString(launcher)
                        .replace("share=/share/konnect-proxy", "share=" + share)
                        .replace("cache=/var/cache/konnect-proxy", "cache=" + system.resolve("cache")));
        Path home = java("on-the-path", "17");
        Files.createDirectories(home.resolve("lib/server"));
        Files.writeString(home.resolve("lib/server/libjvm.so"), "");
        arguments = List.of("make-class-archive");
        assertThat(run("17", "", null)).isEqualTo("0: ");
        arguments = List.of("explain", "a b");
        assertThat(run("17", "", null))
                .matches("(?s)0: " + home + " @\\S+ -XX:SharedArchiveFile=" + system.resolve("cache")
                        + "/konnect-proxy-[0-9.-]+\\.jsa -Xlog:cds\\*=off -Dkonnect-proxy.config=.* explain a b\n");
    }

    private String run(String onPath, String installed, String javaHome) throws Exception {
        if (onPath != null && Files.notExists(system.resolve("on-the-path"))) {
            Files.createSymbolicLink(
                    system.resolve("bin/java"), java("on-the-path", onPath).resolve("bin/java"));
        } else if (Files.exists(system.resolve("on-the-path")) && Files.notExists(system.resolve("bin/java"))) {
            Files.createSymbolicLink(system.resolve("bin/java"), system.resolve("on-the-path/bin/java"));
        }
        for (String version : installed.split(" ", -1)) {
            if (!version.isEmpty()) {
                java("jvms/" + version, version);
            }
        }
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", system.resolve("launcher").toString()));
        command.addAll(arguments);
        ProcessBuilder sh = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = sh.environment();
        environment.clear();
        environment.put("PATH", system.resolve("bin").toString());
        if (javaHome != null) {
            environment.put("JAVA_HOME", java("java-home", javaHome).toString());
        }
        Process process = sh.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return process.waitFor() + ": " + said;
    }

    /** A Java of that version, which prints where it is and what it was given. */
    private Path java(String name, String version) throws Exception {
        Path home = Objects.requireNonNull(system.resolve(name));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"), "IMPLEMENTOR=\"A\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"L\"\n");
        Files.writeString(home.resolve("bin/java"), fake(version, home));
        Files.setPosixFilePermissions(home.resolve("bin/java"), PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private static String fake(String version, Path home) {
        return """
                #!/bin/sh
                [ "$1" != -version ] || { printf 'Picked up JAVA_TOOL_OPTIONS: -Xmx1g\\nopenjdk version "%s" 2022-07-19\\n' >&2; exit; }
                for argument; do
                    case $argument in -XX:ArchiveClassesAtExit=*) echo classes >"${argument#*=}";; esac
                done
                echo "%s" "$@"
                """.formatted(version, home);
    }
}
