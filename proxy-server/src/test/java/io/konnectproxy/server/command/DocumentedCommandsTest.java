package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every command that a page names exists, and so does each option behind it, with or without the program in front. */
class DocumentedCommandsTest {
    private static final CommandLine ROOT = KonnectProxyCommand.withAllCommands();
    private static final String WORDS = String.join("|", ROOT.getSubcommands().keySet());

    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```\\w*\n(.*?)^ *```$");
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");

    /** With the program in front it is a call up to the end of the line or of the span. */
    private static final Pattern CALL =
            Pattern.compile("(?:^|[ ($])(?:\\./|/usr/bin/)?konnect-proxy ((?:" + WORDS + ")(?= |$).*)");
    /** Without it, as a whole span: {@code audit} and its command, or another one with an option. */
    private static final Pattern ALONE = Pattern.compile("(audit [a-z]+|(?:" + WORDS + ")(?= .*-))(?= |$).*");

    private static final Pattern OPTION = Pattern.compile("(?<=[ \\[|/(])--?[A-Za-z][a-z-]*");

    static Stream<Path> pages() throws IOException {
        Path root = Path.of("..");
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            List<Path> pages =
                    new ArrayList<>(docs.filter(page -> page.toString().endsWith(".md"))
                            .sorted()
                            .toList());
            for (String page : List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")) {
                pages.add(root.resolve(page));
            }
            return pages.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void there_are_the_commands_and_options_that_a_page_names(Path page) throws IOException {
        assertThat(problems(Files.readString(page))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", textBlock = """
        `audit tail --event configuration`      | -
        `audit tail --evnt configuration`       | audit tail: --evnt
        `audit trail`                           | audit trail
        `./konnect-proxy check --strickt`       | check: --strickt
        `check --strickt -c x.yaml` does        | check: --strickt
        `konnect-proxy user NAME --genrate`     | user: --genrate
        `./konnect-proxy explain a:1 --clint b` | explain: --clint
        `user: dp` and `check` and `run it`     | -
        `run --watch` and `hosts --output json` | -
        `konnect-proxy check -c x; tar --xz`    | -
        a `check` and `b` --strickt `c`         | -
        """)
    void it_finds_what_does_not_exist(String text, String problem) {
        assertThat(problems(text)).isEqualTo(problem == null ? List.of() : List.of(problem));
    }

    private static List<String> problems(String text) {
        List<String> calls = new ArrayList<>();
        BLOCK.matcher(text).results().flatMap(block -> block.group(1).lines()).forEach(line -> addCalls(line, calls));
        String prose = BLOCK.matcher(text).replaceAll("");
        SPAN.matcher(prose)
                .results()
                .map(span -> span.group(1).replaceAll("\\s+", " "))
                .forEach(span -> {
                    addCalls(span, calls);
                    if (ALONE.matcher(span).matches()) {
                        calls.add(span);
                    }
                });
        return calls.stream()
                .flatMap(DocumentedCommandsTest::problemsOf)
                .distinct()
                .toList();
    }

    private static void addCalls(String line, List<String> calls) {
        CALL.matcher(line).results().map(call -> call.group(1)).forEach(calls::add);
    }

    private static Stream<String> problemsOf(String call) {
        // What follows is another program, a comment or a file.
        String own = call.split("\\s*(?:&&|;|#|>|<\\(|\\\\?\\| )", 2)[0];
        String[] words = own.split("\\s+", 3);
        CommandLine command = ROOT.getSubcommands().get(words[0]);
        String name = words[0];
        if (!command.getSubcommands().isEmpty() && words.length > 1) {
            name += " " + words[1];
            command = command.getSubcommands().get(words[1]);
        }
        if (command == null) {
            return Stream.of(name);
        }
        Set<String> known = command.getCommandSpec().options().stream()
                .flatMap(option -> Arrays.stream(option.names()))
                .collect(Collectors.toSet());
        String of = name;
        Matcher options = OPTION.matcher(own);
        return options.results()
                .map(option -> option.group())
                .filter(option -> !known.contains(option))
                .map(option -> of + ": " + option);
    }
}
