package io.konnectproxy.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A page of the documentation, as tests look at it. */
record MarkdownPage(String text) {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");

    /** The page at a path below the root of the repository. */
    static MarkdownPage of(String path) {
        try {
            return new MarkdownPage(Files.readString(ROOT.resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From the heading, {@code ## Commands}, to the next one of its level. */
    MarkdownPage section(String heading) {
        int from = ("\n" + text).indexOf("\n" + heading + "\n");
        assertThat(from).as("a section " + heading).isNotNegative();
        int to = text.indexOf("\n" + heading.substring(0, heading.indexOf(' ') + 1), from + heading.length());
        return new MarkdownPage(text.substring(from, to < 0 ? text.length() : to));
    }

    /** The fenced block that begins so. */
    String block(String beginning) {
        int from = text.indexOf("\n" + beginning) + 1;
        assertThat(from).as("a block beginning " + beginning).isPositive();
        return new String(text.substring(from, text.indexOf("```", from)).getBytes(US_ASCII), US_ASCII);
    }

    /** The cells of all tables, heads and rulers included. */
    List<List<String>> rows() {
        return text.lines()
                .filter(line -> line.startsWith("|"))
                .map(line -> List.of(line.substring(1).strip().split("(?<!\\\\)\\|", -1)))
                .map(cells -> cells.stream().map(String::strip).toList())
                .toList();
    }

    /** What stands in backquotes alone in the first column. */
    List<String> keys() {
        return Pattern.compile("(?m)^\\| `([^`]+)` \\|")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** The headings of a level, {@code ##}. */
    List<String> headings(String level) {
        return FENCED.matcher(text)
                .replaceAll("")
                .lines()
                .filter(line -> line.startsWith(level + " "))
                .map(line -> line.substring(level.length() + 1))
                .toList();
    }

    /** The list of contents, which must be links to headings. */
    List<String> contents() {
        return Pattern.compile("(?m)^- \\[([^]]+)]\\(#([a-z0-9-]+)\\)$")
                .matcher(text)
                .results()
                .peek(link -> assertThat(link.group(2)).isEqualTo(anchor(link.group(1))))
                .map(link -> link.group(1))
                .toList();
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
    }
}
