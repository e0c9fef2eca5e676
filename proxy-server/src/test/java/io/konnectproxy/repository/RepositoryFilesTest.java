package io.konnectproxy.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The changelog and the editor's settings agree with the rest of the repository. */
class RepositoryFilesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern TEXT =
            Pattern.compile(".*\\.(css|html|java|json|md|py|sh|xml|yaml)|.*/\\.ci/.*|.*/\\.[a-z]+");

    @Test
    void the_changelog_begins_with_the_version_of_the_pom() throws IOException {
        Matcher version = Pattern.compile("<revision>([^<-]+)(-SNAPSHOT)?</revision>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        MarkdownPage changelog = MarkdownPage.of("CHANGELOG.md");
        assertThat(changelog.headings("##").get(0))
                .matches(Pattern.quote("[" + version.group(1) + "] - ")
                        + (version.group(2) == null ? "\\d{4}-\\d{2}-\\d{2}" : "Unreleased"));
        assertThat(Set.of("Upgrade", "Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"))
                .containsAll(changelog.headings("###"));
    }

    @Test
    void each_version_of_the_changelog_begins_with_what_an_upgrade_needs() {
        MarkdownPage changelog = MarkdownPage.of("CHANGELOG.md");
        assertThat(changelog.headings("##"))
                .isNotEmpty()
                .allSatisfy(
                        version -> assertThat(changelog.section("## " + version).headings("###"))
                                .startsWith("Upgrade"));
    }

    @Test
    void the_script_that_verifies_a_checkpoint_says_what_it_takes() throws Exception {
        Process script = new ProcessBuilder(
                        "sh", ROOT.resolve("docs/verify-checkpoint.sh").toString(), "audit.pem.pub")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(script.getInputStream().readAllBytes(), UTF_8))
                .isEqualTo("Usage: verify-checkpoint.sh PUBLIC.pem SEGMENT[.gz]\n");
        assertThat(script.waitFor()).isEqualTo(64);
    }

    /** And the release changes these alone. */
    @Test
    void the_version_in_work_stands_in_few_files() throws IOException {
        Matcher version = Pattern.compile("<revision>(.+-SNAPSHOT)</revision>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")));
        if (!version.find()) {
            return;
        }
        List<String> with = new ArrayList<>();
        for (Path file : texts()) {
            if (Files.readString(file, UTF_8).contains(version.group(1))) {
                with.add(ROOT.relativize(file).toString());
            }
        }
        assertThat(with)
                .filteredOn(file -> !file.contains("/src/test/"))
                .containsExactlyInAnyOrder(
                        "SECURITY.md", "pom.xml", "deploy/helm/konnect-proxy/Chart.yaml", "deploy/kubernetes.yaml");
    }

    /** What {@code .editorconfig} says of them. */
    @Test
    void text_ends_with_a_line_end_and_has_no_tabs_nor_blanks_at_line_ends() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : texts()) {
            String text = Files.readString(file, UTF_8);
            if (!text.endsWith("\n") || text.contains("\t") || text.contains(" \n") || text.contains("\r")) {
                wrong.add(file.toString());
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static List<Path> texts() throws IOException {
        List<Path> texts = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                return Set.of(".git", ".mvn", ".idea", "target", "audit", "seeds", "licenses")
                                        .contains(name)
                                && !directory.toString().contains("/java/")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (TEXT.matcher(file.toString().replace('\\', '/')).matches()) {
                    texts.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(texts).hasSizeGreaterThan(100).anyMatch(file -> file.endsWith(".ci/run"));
        return texts;
    }
}
