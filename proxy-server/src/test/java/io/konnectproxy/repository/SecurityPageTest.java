package io.konnectproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page on security: every row has its test, and every test it names exists and is one. */
class SecurityPageTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");
    /** What stands below a head whose last column is for tests. */
    private static final Pattern ROWS = Pattern.compile("\\| test \\|\n\\|[-|]+\\|\n((?:\\|.*\n)+)");

    private static String page;

    @BeforeAll
    static void read() throws IOException {
        page = page();
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "security.md"));
    }

    @Test
    void its_contents_are_its_headings() {
        MarkdownPage security = new MarkdownPage(page);
        assertThat(security.contents()).isEqualTo(security.headings("##"));
    }

    @Test
    void every_row_names_its_test() {
        List<String> without = ROWS.matcher(page)
                .results()
                .flatMap(table -> table.group(1).lines())
                .filter(row -> !TEST.matcher(row.substring(row.lastIndexOf('|', row.length() - 2)))
                        .find())
                .toList();
        assertThat(ROWS.matcher(page).results()).as("tables, one a subject").hasSize(10);
        assertThat(without).isEmpty();
    }

    static Stream<String> tests() throws IOException {
        return TEST.matcher(page()).results().map(MatchResult::group).distinct();
    }

    @ParameterizedTest
    @MethodSource("tests")
    void is_a_test(String named) throws IOException {
        Matcher name = TEST.matcher(named);
        assertThat(name.matches()).isTrue();
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("proxy-core", "proxy-audit", "proxy-server")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
                files.filter(file -> file.endsWith(name.group(1) + ".java")).forEach(sources::add);
            }
        }
        assertThat(sources).hasSize(1);
        String source = Files.readString(sources.get(0));
        int at = source.indexOf("    void " + name.group(2) + "(");
        assertThat(at).as("there is such a method").isPositive();
        int endOfThePrevious = Math.max(0, source.lastIndexOf("\n    }\n", at));
        assertThat(source.substring(endOfThePrevious, at)).containsPattern("    @(Test|ParameterizedTest)\\b");
    }
}
