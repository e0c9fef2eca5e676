package io.konnectproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page for contributors names what there is. */
class ContributingTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");
    private static final Pattern TYPE = Pattern.compile("([A-Z][a-z0-9]+)+");
    /** With a folder in front or an ending behind; a key like {@code limits.memory} has an ending that no file has. */
    private static final Pattern FILE =
            Pattern.compile("[\\w.-]+/[\\w./-]+|[\\w-]+\\.(java|md|xml|yaml|json|dict|options)|mvnw");

    private static MarkdownPage page;
    /** Paths below the root, with slashes, without what a build makes. */
    private static Set<String> tree;

    @BeforeAll
    static void read() throws IOException {
        page = MarkdownPage.of("CONTRIBUTING.md");
        try (Stream<Path> all = Files.walk(ROOT)) {
            tree = all.map(path -> "/" + ROOT.relativize(path).toString().replace('\\', '/'))
                    .filter(path -> !path.startsWith("/.git/") && !path.matches("/[\\w-]+/target/.*"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void it_begins_with_a_table_of_commands() {
        assertThat(page.text()).startsWith("# Contributing\n\n| command | does |\n|---|---|\n| `./mvnw test` |");
    }

    @Test
    void its_commands_are_files_that_can_be_run() {
        assertThat(page.keys())
                .contains("./mvnw verify", ".ci/lock")
                .allSatisfy(command ->
                        assertThat(ROOT.resolve(command.split(" ", 2)[0])).isExecutable());
    }

    @Test
    void its_types_exist() {
        assertThat(quoted().filter(word -> TYPE.matcher(word).matches()))
                .contains("Refusal", "Configuration", "AuditLine", "KonnectHostsTest")
                .allMatch(type -> isInTree(type + ".java"));
    }

    @Test
    void its_files_exist() {
        assertThat(quoted().filter(word -> FILE.matcher(word).matches()))
                .contains("docs/reference.md", "package-info.java", "seeds/Configuration/every-key", ".ci/lock")
                .allMatch(ContributingTest::isInTree);
    }

    private static boolean isInTree(String file) {
        return tree.stream().anyMatch(path -> path.endsWith("/" + file));
    }

    private static Stream<String> quoted() {
        return QUOTED.matcher(page.text()).results().map(match -> match.group(1));
    }

    @Test
    void whatever_it_tells_to_be_added_has_its_list() {
        assertThat(page.headings("##"))
                .contains(
                        "Add a refusal",
                        "Add a Konnect host",
                        "Add a setting",
                        "Add a field to the audit line",
                        "Add or renew a dependency");
    }
}
