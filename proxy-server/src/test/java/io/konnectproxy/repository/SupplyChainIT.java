package io.konnectproxy.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What this is built from is named by its checksum, and the build looks. */
class SupplyChainIT {
    private static final Path ROOT = Path.of("..");
    private static final Pattern LOCKED = Pattern.compile("([0-9a-f]{64})  ([\\w.+/-]+\\.(?:jar|pom))");

    private static final String STRICT = "-Daether.artifactResolver.postProcessor.trustedChecksums.failIfMissing=";

    /** Checksums by the path below a repository. */
    private static Map<String, String> lock;

    @TempDir
    private Path directory;

    @BeforeAll
    static void read() throws IOException {
        lock = new TreeMap<>();
        for (String line : Files.readAllLines(ROOT.resolve(".mvn/checksums/checksums.sha256"))) {
            Matcher locked = LOCKED.matcher(line);
            assertThat(locked.matches()).as(line).isTrue();
            lock.put(locked.group(2), locked.group(1));
        }
    }

    @Test
    void every_library_on_the_class_path_is_the_one_that_is_locked() throws Exception {
        Path repository = repository();
        List<Path> libraries = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(entry -> entry.startsWith(repository))
                .toList();
        assertThat(libraries).anyMatch(library -> library.toString().contains("netty-common"));
        for (Path library : libraries) {
            String path = repository.relativize(library).toString().replace(File.separatorChar, '/');
            assertThat(lock).containsEntry(path, sha256(library));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "another checksum, 0000000000000000000000000000000000000000000000000000000000000000, trusted checksum mismatch: summaryFile=00",
        "no checksum, , Missing from summaryFile trusted checksum(s) [SHA-256] for artifact org.apache.maven.plugins",
    })
    @DisabledOnOs(OS.WINDOWS)
    void a_build_ends_where_the_lock_has(String what, String checksum, String sentence) throws Exception {
        String plugin = lock.keySet().stream()
                .filter(path -> path.matches(".*/maven-enforcer-plugin-.*\\.jar"))
                .findFirst()
                .orElseThrow();
        Map<String, String> changed = new TreeMap<>(lock);
        changed.computeIfPresent(plugin, (path, before) -> checksum);
        List<String> lines = new ArrayList<>();
        changed.forEach((path, sum) -> lines.add(sum + "  " + path));
        Files.write(directory.resolve("checksums.sha256"), lines);
        assertThat(validate("-Daether.trustedChecksumsSource.summaryFile.basedir=" + directory))
                .as(what)
                .contains(sentence)
                .contains("[ERROR]");
    }

    @Test
    void every_commit_but_that_of_a_release_demands_that_all_is_listed() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve(".mvn/maven.config")))
                .contains(STRICT + version().endsWith("-SNAPSHOT"))
                .contains("-Daether.artifactResolver.postProcessor.trustedChecksums=true");
    }

    /** What Maven says when it begins, with the libraries of this run. */
    private static String validate(String option) throws Exception {
        ProcessBuilder maven = new ProcessBuilder(
                "./mvnw",
                "--batch-mode",
                "--quiet",
                "--offline",
                "--non-recursive",
                "-Dmaven.repo.local=" + repository(),
                // From which mirror the libraries came does not matter.
                "-Daether.enhancedLocalRepository.trackingFilename=none",
                option,
                // The commit of a release bears what is not listed.
                STRICT + "true",
                "validate");
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process =
                maven.directory(ROOT.toFile()).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(said).isEqualTo(1);
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Where Maven keeps what it fetched. */
    private static Path repository() throws Exception {
        Path library = Path.of(
                Test.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String path =
                lock.keySet().stream().filter(library::endsWith).findFirst().orElseThrow();
        return library.getRoot()
                .resolve(library.subpath(
                        0, library.getNameCount() - Path.of(path).getNameCount()));
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void a_file_of_the_image_begins_with_a_digest_or_a_stage_before() throws IOException {
        Set<String> named = new HashSet<>();
        List<String> bases = new ArrayList<>();
        named.add("scratch");
        for (String line : Files.readAllLines(ROOT.resolve("Dockerfile"))) {
            Matcher argument = Pattern.compile("ARG (\\w+)=eclipse-temurin:25\\.[\\w.]+-jdk@sha256:[0-9a-f]{64}")
                    .matcher(line);
            if (argument.matches()) {
                named.add("${" + argument.group(1) + "}");
            }
            if (line.startsWith("FROM ")) {
                String[] words = line.split(" ", -1);
                bases.add(words[1]);
                assertThat(named).contains(words[1]);
                named.add(words[words.length - 1]);
            }
        }
        assertThat(bases).containsExactly("${JDK}", "${JDK}", "scratch", "proxy", "proxy");
    }

    @Test
    void maven_itself_is_fetched_by_its_checksum() throws IOException {
        assertThat(Files.readString(ROOT.resolve(".mvn/wrapper/maven-wrapper.properties")))
                .containsPattern("(?m)^distributionUrl=https://repo\\.maven\\.apache\\.org/.*-bin\\.zip$")
                .containsPattern("(?m)^distributionSha256Sum=[0-9a-f]{64}$")
                .containsPattern("(?m)^distributionTarGzSha256Sum=[0-9a-f]{64}$");
    }

    @Test
    void the_security_policy_names_what_there_is() throws IOException {
        String policy = Files.readString(ROOT.resolve("SECURITY.md"));
        List<String> files = Pattern.compile("`([\\w.-]*/[\\w./-]+)`")
                .matcher(policy)
                .results()
                .map(match -> match.group(1))
                .filter(path -> !path.contains("/target/") && !path.startsWith("/"))
                .toList();
        assertThat(files)
                .contains(".ci/lock", ".mvn/checksums/checksums.sha256")
                .allMatch(path -> Files.exists(ROOT.resolve(path)));
        assertThat(policy).contains("| `" + version() + "`");
        assertThat(Files.readString(ROOT.resolve("docs/security.md")))
                .contains("\n## What it promises\n")
                .contains("\n## What it cannot see\n");
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains("(SECURITY.md)");
    }

    private static String version() throws IOException {
        Matcher version =
                Pattern.compile("<revision>([^<]+)</revision>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }
}
