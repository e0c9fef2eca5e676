package io.konnectproxy.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.konnectproxy.support.Programs;
import io.konnectproxy.trail.TrailBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ./release} in a repository of its own, in which stand-ins take the place of Maven and buildah: they write files in no time.
 * {@code .ci/release} runs it with the real ones.
 */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class ReleaseIT {
    private static final Path ROOT = Path.of("..");
    private static final List<String> NEEDED = List.of(
            "release",
            ".gitignore",
            ".mvn",
            "pom.xml",
            "Dockerfile",
            "CHANGELOG.md",
            "SECURITY.md",
            "deploy",
            "proxy-server/src/test/resources/compatibility");
    /** Of the version that is not released; a release of the real repository changes it. */
    private static final String VERSION = "0.1.0";

    private static final String MAVEN = """
            #!/bin/sh
            mkdir -p proxy-server/target && cd proxy-server/target
            echo jar > konnect-proxy.jar
            echo '{}' > bom.json
            echo deb > konnect-proxy_0.1.0_all.deb
            echo rpm > konnect-proxy-0.1.0.noarch.rpm
            """;
    /** Its archive has a layer that no second build repeats. */
    private static final String BUILDAH = """
            #!/bin/sh
            case $1 in
            build) echo "$*" >> "$0.built";;
            push)
                file=${4#docker-archive:}; made=$(mktemp -d)
                echo '[{"Config":"config.json"}]' > "$made/manifest.json"
                echo "{\\"rootfs\\":{\\"diff_ids\\":[\\"sha256:same\\",\\"$made\\"]}}" > "$made/config.json"
                tar -C "$made" -cf "${file%:konnect-proxy:*}" manifest.json config.json
                rm -r "$made";;
            --version) echo 'buildah of tests';;
            esac
            """;

    /** Where what all cases begin with is made once. */
    @TempDir
    private static Path shared;

    private static Optional<Ended> released = Optional.empty();

    @TempDir
    private Path directory;

    private Path repository;

    private record Ended(int code, String said) {}

    @BeforeAll
    static void make() throws Exception {
        assumeTrue(Programs.onPath("git") && Programs.onPath("jq"), "git or jq is not installed");
        ReleaseIT made = new ReleaseIT();
        made.directory = Files.createDirectory(shared.resolve("before"));
        made.makeRepository();
    }

    @BeforeEach
    void begin() throws IOException {
        copy(shared.resolve("before"), directory);
        repository = directory.resolve("repository");
    }

    private void makeRepository() throws Exception {
        repository = Files.createDirectory(directory.resolve("repository"));
        for (String name : NEEDED) {
            copy(ROOT.resolve(name), repository.resolve(name));
        }
        // Whatever is released by now: here this version is in work, and there are samples of it.
        change("pom.xml", "<revision>.*</revision>", "<revision>" + VERSION + "-SNAPSHOT</revision>");
        change("CHANGELOG.md", "(?s)\n## \\[.*", """

                ## [0.1.0] - Unreleased

                ### Upgrade

                - Nothing has to be done.

                ### Added

                - Something.
                """.replace("$", "\\$"));
        Files.deleteIfExists(repository.resolve("proxy-server/src/test/resources/compatibility/0.1/SHA256SUMS"));
        executable(repository.resolve("mvnw"), MAVEN);
        executable(Files.createDirectory(directory.resolve("bin")).resolve("buildah"), BUILDAH);
        git("init", "--quiet", "--initial-branch", "main", "--template=");
        git("config", "user.name", "Somebody");
        git("config", "user.email", "somebody@example.com");
        commit("All.");
        git("gc", "--quiet");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = from.equals(file) ? to : to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void change(String name, String pattern, String replacement) throws IOException {
        Path file = repository.resolve(name);
        String changed = Files.readString(file).replaceFirst(pattern, replacement);
        assertThat(changed).isNotEqualTo(Files.readString(file) + "x");
        Files.writeString(file, changed);
    }

    private void commit(String message) throws Exception {
        git("add", "--all");
        git("commit", "--quiet", "--message", message);
    }

    private String git(String... arguments) throws Exception {
        Ended ended = run(Stream.concat(Stream.of("git"), Stream.of(arguments)).toList());
        assertThat(ended.code()).as(ended.said()).isZero();
        return ended.said().strip();
    }

    private Ended release(String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("./release"));
        Stream.of(arguments.split(" ", -1)).filter(word -> !word.isEmpty()).forEach(command::add);
        return run(command);
    }

    /** The one release that went well is made once; each case gets a repository as it was left. */
    private Ended released() throws Exception {
        Path after = shared.resolve("after");
        if (released.isEmpty()) {
            released = Optional.of(release(VERSION));
            copy(repository, after);
        } else {
            repository = directory.resolve("released");
            copy(after, repository);
        }
        return released.get();
    }

    private Ended run(List<String> command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(repository.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.merge("PATH", directory.resolve("bin") + ":", (path, bin) -> bin + path);
        environment.put("TMPDIR", directory.toString());
        Process process = builder.start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), said);
        } finally {
            process.destroyForcibly();
        }
    }

    private String state() throws Exception {
        return git("log", "--all", "--format=%H %D") + git("tag", "--list") + git("status", "--porcelain");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            no version          | true                                             |                | which version? ./release VERSION [--dry-run]
            two versions        | true                                             | 0.1.0 0.2.0    | one version, not also 0.2.0.
            an unknown option   | true                                             | 0.1.0 --push   | there is no option --push.
            two numbers         | true                                             | 0.1            | a version is three numbers like 0.2.0, not 0.1.
            a zero in front     | true                                             | 0.01.0         | a version is three numbers like 0.2.0, not 0.01.0.
            a snapshot          | true                                             | 0.1.0-SNAPSHOT | a version is three numbers like 0.2.0, not 0.1.0-SNAPSHOT.
            a tag's name        | true                                             | v0.1.0         | a version is three numbers like 0.2.0, not v0.1.0.
            another branch      | git checkout -q -b other                         | 0.1.0          | releases are made from main, and this is other.
            a new file          | touch new                                        | 0.1.0          | there are changes that are in no commit; see git status.
            a changed file      | echo >> pom.xml                                  | 0.1.0          | there are changes that are in no commit; see git status.
            a tag that is there | git tag v0.1.0                                   | 0.1.0          | the tag v0.1.0 is there already.
            lower than the last | git tag v0.9.0; git tag v0.10.0                  | 0.9.1          | 0.9.1 is lower than 0.10.0, the last version.
            lower than in work  | true                                             | 0.0.9          | 0.0.9 is lower than 0.1.0-SNAPSHOT, the version in work.
            no entries          | sed -i '/^- Something/d' CHANGELOG.md; git commit -qam x | 0.1.0  | CHANGELOG.md has no entries under Unreleased.
            no word on upgrades | sed -i '/^### Upgrade/d' CHANGELOG.md; git commit -qam x | 0.1.0  | CHANGELOG.md has no '### Upgrade' under Unreleased: what must be done, or that nothing must.
            samples of a later  | d=proxy-server/src/test/resources/compatibility; mkdir $d/0.10; touch $d/0.10/x; git add .; git commit -qm x | 0.1.0 | there are samples of 0.10: what was added since belongs to that version.
            a shallow clone     | git rev-parse HEAD > .git/shallow                | 0.1.0          | this clone is shallow, and may lack tags: git fetch --unshallow --tags.
            nobody's name       | git config user.name ''                          | 0.1.0          | git does not know who you are: set user.name and user.email.
            no samples          | true                                             | 0.7.0          | there is no proxy-server/src/test/resources/compatibility/0.7; its README says how samples are made.
            """, quoteCharacter = '~')
    void is_refused_with_a_sentence(String what, String before, String arguments, String sentence) throws Exception {
        assertThat(run(List.of("sh", "-ec", before)).code()).isZero();
        String state = state();

        Ended ended = release(arguments == null ? "" : arguments);

        assertThat(ended).as(what).isEqualTo(new Ended(1, "No release: " + sentence + "\n"));
        assertThat(state()).isEqualTo(state);
    }

    @Test
    void makes_a_commit_a_tag_and_all_files() throws Exception {
        Ended ended = released();

        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(ended.said())
                .contains(
                        "same: konnect-proxy-0.1.0.jar",
                        "same but for the ahead-of-time cache: konnect-proxy-0.1.0-image.tar")
                .contains("gpg --armor --detach-sign SHA256SUMS", "git push --atomic origin main v0.1.0");
        assertThat(git("log", "--format=%s")).isEqualTo("Version 0.1.1-SNAPSHOT begins\nVersion 0.1.0\nAll.");
        assertThat(git("rev-parse", "v0.1.0^{commit}")).isEqualTo(git("rev-parse", "HEAD~1"));
        assertThat(git("status", "--porcelain")).isEmpty();
        assertThat(files())
                .containsExactlyInAnyOrder(
                        "SHA256SUMS",
                        "konnect-proxy-0.1.0-image.tar",
                        "konnect-proxy-0.1.0-source.tar.gz",
                        "konnect-proxy-0.1.0.cdx.json",
                        "konnect-proxy-0.1.0.jar",
                        "konnect-proxy-0.1.0.noarch.rpm",
                        "konnect-proxy-0.1.0.provenance.json",
                        "konnect-proxy-0.1.0.tgz",
                        "konnect-proxy_0.1.0_all.deb");
        assertThat(run(List.of("sh", "-c", "cd target/release/0.1.0 && sha256sum --check --strict --quiet SHA256SUMS")))
                .isEqualTo(new Ended(0, ""));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(published())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Path published() {
        return repository.resolve("target/release/" + VERSION);
    }

    @Test
    void says_its_version_wherever_one_stands() throws Exception {
        assertThat(released().code()).isZero();
        String today = LocalDate.now(ZoneOffset.UTC).toString();

        assertThat(git("show", "v0.1.0:pom.xml"))
                .contains("<revision>0.1.0</revision>", "outputTimestamp>" + today + "T00:00:00Z<");
        assertThat(git("show", "v0.1.0:deploy/helm/konnect-proxy/Chart.yaml"))
                .contains("\nversion: 0.1.0\n")
                .contains("\nappVersion: 0.1.0\n");
        assertThat(git("show", "v0.1.0:CHANGELOG.md")).contains("\n## [0.1.0] - " + today + "\n");
        assertThat(git("show", "v0.1.0:SECURITY.md")).contains("""
                |---|---|
                | `0.1.0`, the newest release | yes |
                | older versions and commits, and what was built from them | no: upgrade |

                """);
        assertThat(git("show", "v0.1.0:.mvn/maven.config")).contains("failIfMissing=false");
        assertThat(git("grep", "--name-only", "-e", "0.1.0-SNAPSHOT", "v0.1.0"))
                .as("only samples may name the version in work")
                .matches("(v0.1.0:proxy-server/src/test/resources/compatibility/0.1/[\\w.-]+\n?)*");
    }

    @Test
    void begins_the_next_version() throws Exception {
        assertThat(released().code()).isZero();

        assertThat(Files.readString(repository.resolve("pom.xml"))).contains("<revision>0.1.1-SNAPSHOT</revision>");
        assertThat(Files.readString(repository.resolve("deploy/helm/konnect-proxy/Chart.yaml")))
                .contains("\nappVersion: 0.1.1-SNAPSHOT\n");
        assertThat(Files.readString(repository.resolve("CHANGELOG.md"))).contains("""

                ## [0.1.1] - Unreleased

                ### Upgrade

                - Nothing has to be done.

                ## [0.1.0] -\
                """);
        assertThat(Files.readString(repository.resolve("SECURITY.md"))).contains("""
                | `0.1.1-SNAPSHOT`, the newest commit of the main branch | yes |
                | `0.1.0`, the newest release | yes |
                """);
        assertThat(Files.readString(repository.resolve(".mvn/maven.config"))).contains("failIfMissing=true");
        assertThat(release("0.1.1").said()).isEqualTo("No release: CHANGELOG.md has no entries under Unreleased.\n");
    }

    @Test
    void closes_the_samples_of_its_version() throws Exception {
        assertThat(released().code()).isZero();

        assertThat(
                        run(
                                List.of(
                                        "sh",
                                        "-c",
                                        "cd proxy-server/src/test/resources/compatibility/0.1 && sha256sum --check --strict --quiet SHA256SUMS")))
                .isEqualTo(new Ended(0, ""));
    }

    @Test
    void says_what_was_built_from_which_commit() throws Exception {
        assertThat(release(VERSION + " --image-base stand-in:jdk").code()).isZero();
        JsonNode statement =
                new JsonMapper().readTree(Files.readString(published().resolve("konnect-proxy-0.1.0.provenance.json")));

        assertThat(statement.path("_type").asString()).isEqualTo("https://in-toto.io/Statement/v1");
        assertThat(statement.path("predicateType").asString()).isEqualTo("https://slsa.dev/provenance/v1");
        assertThat(statement
                        .path("subject")
                        .valueStream()
                        .map(each -> each.path("name").asString()))
                .hasSize(7)
                .contains("konnect-proxy-0.1.0.jar");
        for (JsonNode subject : statement.path("subject")) {
            assertThat(subject.path("digest").path("sha256").asString())
                    .isEqualTo(TrailBuilder.sha256(Files.readAllBytes(
                            published().resolve(subject.path("name").asString()))));
        }
        String built = statement.path("predicate").path("buildDefinition").toString();
        assertThat(built)
                .contains(git("rev-parse", "v0.1.0^{commit}"))
                .contains(TrailBuilder.sha256(Files.readAllBytes(ROOT.resolve(".mvn/checksums/checksums.sha256"))))
                .contains("\"image-base\":\"stand-in:jdk\"", "buildah of tests", "apache-maven");
    }

    @Test
    void a_dry_run_leaves_files_alone_behind() throws Exception {
        String state = state();

        Ended ended = release(VERSION + " --dry-run");

        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(ended.said()).endsWith("That was a dry run: there is no commit and no tag.\n");
        assertThat(state()).isEqualTo(state);
        assertThat(files()).hasSize(9);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a build that fails            | echo 'no space left'; exit 1             | the build failed.
            a second build that differs   | echo $$ > proxy-server/target/konnect-proxy.jar | two builds of one commit differ in: konnect-proxy-0.1.0.jar.
            a file that is in no commit   | touch new                                | the build failed.
            a build without its list      | rm proxy-server/target/bom.json          | the build failed.
            """)
    void leaves_nothing_behind_after(String what, String last, String sentence) throws Exception {
        executable(repository.resolve("mvnw"), MAVEN + "cd ../..\n" + last + "\n");
        commit("Another Maven.");
        String state = state();

        Ended ended = release(VERSION);

        assertThat(ended.code()).as(what).isEqualTo(1);
        assertThat(ended.said()).endsWith("No release: " + sentence + "\n").containsOnlyOnce("No release: ");
        assertThat(state()).isEqualTo(state);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("repository", "bin");
        }
    }

    /** While Maven builds, as somebody would do in another window. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a commit                  | git commit -q --allow-empty -m Another     | your checkout changed meanwhile; nothing is released.
            another branch            | git checkout -q -B other                   | your checkout changed meanwhile; nothing is released.
            a commit that is no more  | git reset -q --hard $(git rev-list --max-parents=0 HEAD) | your checkout changed meanwhile; nothing is released.
            a change of the changelog | echo '- Another.' >> CHANGELOG.md          | your checkout did not take the commits; nothing is released.
            a tag of that name        | git tag -f v0.1.0 2>&1                     | your checkout did not take the tag; nothing is released.
            """)
    void is_all_or_nothing_where_the_checkout_changes(String what, String meanwhile, String sentence) throws Exception {
        executable(
                repository.resolve("mvnw"),
                MAVEN.replace(
                        "#!/bin/sh\n", "#!/bin/sh\n(cd \"$TMPDIR/repository\" && " + meanwhile + ") || exit 1\n"));
        commit("Another Maven.");

        Ended ended = release(VERSION);

        assertThat(ended.code()).as(what).isEqualTo(1);
        assertThat(ended.said()).endsWith("No release: " + sentence + "\n").containsOnlyOnce("No release: ");
        assertThat(git("log", "--all", "--format=%s")).doesNotContain("Version");
        assertThat(published()).doesNotExist();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a place for files that is none | commit of the next version | mkdir target && touch target/release | true
            a clone that fails             | first build     | true | case "$1 $4" in "clone "*/one) echo 'no space left' >&2; exit 128;; esac
            a commit that fails            | commit of 0.1.0 | true | case "$*" in *" commit -qm Version 0.1.0") exit 128;; esac
            a tag that fails               | commit of 0.1.0 | true | case "$*" in *" tag -a "*) exit 128;; esac
            """)
    void ends_at_the_first_failure(String what, String last, String before, String git) throws Exception {
        assertThat(run(List.of("sh", "-ec", before)).code()).isZero();
        String state = state();
        executable(directory.resolve("bin/git"), "#!/bin/sh\n" + git + "\nPATH=${PATH#*:} exec git \"$@\"\n");

        Ended ended = release(VERSION);

        Files.delete(directory.resolve("bin/git"));
        assertThat(ended.code()).as(what).isEqualTo(1);
        assertThat(ended.said()).containsOnlyOnce("No release: ").containsPattern("(?s)== " + last + "(?!.*\n== )");
        assertThat(state()).isEqualTo(state);
        assertThat(published().toFile()).doesNotExist();
        assertThat(repository.resolve("proxy-server/target")).doesNotExist();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            of the web                  | https://example.com/konnect-proxy.git          | https://example.com/konnect-proxy.git
            with a password             | https://me:secret@example.com/konnect-proxy    | https://example.com/konnect-proxy
            with an @ in the password   | https://me:se@cret@example.com/konnect-proxy   | https://example.com/konnect-proxy
            an @ in the path            | https://example.com/@me/konnect-proxy          | https://example.com/@me/konnect-proxy
            by ssh                      | git@example.com:konnect-proxy.git              | ''
            a directory                 | /srv/konnect-proxy                             | ''
            none                        | ''                                            | ''
            """)
    void the_source_of_an_image_is_a_place_of_the_web(String what, String origin, String source) throws Exception {
        if (!origin.isEmpty()) {
            git("config", "remote.origin.url", origin);
        }

        assertThat(run(List.of("deploy/image/arguments")).said().lines())
                .as(what)
                .contains("--build-arg VERSION=0.1.0-SNAPSHOT", "--build-arg SOURCE=" + source);
    }

    @Test
    void the_image_names_where_the_checkout_is_from() throws Exception {
        git("config", "remote.origin.url", "https://me:se@cret@example.com/konnect-proxy");

        assertThat(release(VERSION + " --dry-run").code()).isZero();

        assertThat(Files.readAllLines(directory.resolve("bin/buildah.built")))
                .hasSize(2)
                .allMatch(line -> line.contains(" --build-arg VERSION=0.1.0 ")
                        && line.contains(" SOURCE=https://example.com/konnect-proxy "));
    }

    /** Then nothing can be taken back, and it is not said that it was. */
    @Test
    void says_that_it_is_released_where_only_the_list_of_files_fails() throws Exception {
        executable(directory.resolve("bin/du"), "#!/bin/sh\nexit 1\n");

        Ended ended = release(VERSION);

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.said())
                .endsWith("0.1.0 is released: your checkout has its commits and its tag, and "
                        + published().toRealPath() + " its files. But it failed after that.\n")
                .doesNotContain("No release");
        assertThat(git("log", "--format=%s")).startsWith("Version 0.1.1-SNAPSHOT begins\nVersion 0.1.0\n");
        assertThat(git("tag", "--list")).isEqualTo("v0.1.0");
        assertThat(files()).hasSize(9);
    }

    @Test
    void passes_over_tags_that_are_no_versions() throws Exception {
        git("tag", "vendor-9");
        git("tag", "v9.0.0-rc1");

        Ended ended = release(VERSION + " --dry-run");

        assertThat(ended.code()).as(ended.said()).isZero();
    }

    /** As git sets it for hooks, and for what "rebase --exec" runs. */
    @Test
    void works_where_git_is_told_a_repository() throws Exception {
        String state = state();

        Ended ended = run(List.of("env", "GIT_DIR=" + repository.resolve(".git"), "./release", VERSION, "--dry-run"));

        assertThat(state()).isEqualTo(state);
        assertThat(ended.code()).as(ended.said()).isZero();
    }

    @Test
    void ends_the_build_at_control_c() throws Exception {
        executable(repository.resolve("mvnw"), "#!/bin/sh\necho $$ >\"$TMPDIR/building\"\nexec sleep 25\n");
        commit("A long build.");
        String state = state();

        Ended ended = run(List.of("bash", "-c", """
                set -m
                ./release 0.1.0 &
                until [ -s "$TMPDIR/building" ]; do sleep 0.05; done
                kill -INT -- -$!
                wait $! || true
                kill -0 "$(cat "$TMPDIR/building")" 2>/dev/null && kill -9 "$(cat "$TMPDIR/building")" && echo "It goes on."
                ls "$TMPDIR"
                """));

        assertThat(ended.said())
                .contains("No release: it failed there; your checkout is as it was.\n")
                .endsWith("\nbin\nbuilding\nrepository\n")
                .doesNotContain("It goes on.");
        assertThat(state()).isEqualTo(state);
    }
}
