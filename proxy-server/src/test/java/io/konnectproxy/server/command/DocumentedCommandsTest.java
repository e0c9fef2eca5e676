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
import picocli.CommandLine.Model.CommandSpec;

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

    /** The row of each command: its options, but for those that all have, and what it ends with whoever misuses it. */
    @ParameterizedTest
    @MethodSource("rows")
    void the_reference_names_each_option_and_exit_code(CommandSpec command) throws IOException {
        String name = command.qualifiedName().substring("konnect-proxy ".length());
        String row = Files.readAllLines(Path.of("..", "docs", "reference.md")).stream()
                .filter(line -> line.matches("\\| `" + name + "[ `].*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row of " + name));
        String whole = row.replace("\\|", "/");
        Set<String> named = OPTION.matcher(whole.replace('`', ' '))
                .results()
                .map(option -> option.group())
                .collect(Collectors.toSet());
        assertThat(command.options().stream()
                        .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
                        .map(option -> option.names())
                        .filter(names -> !Arrays.asList(names).contains("--config"))
                        .filter(names -> Arrays.stream(names).noneMatch(named::contains))
                        .map(names -> String.join(", ", names)))
                .as("options of %s that the page does not name", name)
                .isEmpty();
        assertThat(whole.substring(whole.lastIndexOf('|', whole.length() - 2)))
                .as("exit codes of " + name)
                .contains("64")
                .contains(name.equals("run") ? "78" : "74");
    }

    static Stream<CommandSpec> rows() {
        return ROOT.getSubcommands().values().stream()
                .flatMap(command -> command.getSubcommands().isEmpty()
                        ? Stream.of(command)
                        : command.getSubcommands().values().stream())
                .map(CommandLine::getCommandSpec);
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
