package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.konnectproxy.support.Programs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The man page and the completion script. They are left in {@code target/help}. */
class HelpPagesTest {
    private static final Path PAGE = Path.of("target", "help", "konnect-proxy.1");
    private static final Path SCRIPT = Path.of("target", "help", "konnect-proxy.bash");

    @BeforeAll
    static void write() throws IOException {
        Files.createDirectories(PAGE.getParent());
        Files.writeString(PAGE, run("man"));
        Files.writeString(SCRIPT, run("completion"));
    }

    private static String run(String command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertThat(KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), command))
                .isZero();
        assertThat(err.toString()).isEmpty();
        return out.toString();
    }

    private static Stream<CommandSpec> commands(CommandSpec parent) {
        return parent.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .flatMap(command -> Stream.concat(Stream.of(command), commands(command)));
    }

    private static List<CommandSpec> commands() {
        return commands(KonnectProxyCommand.withAllCommands().getCommandSpec()).toList();
    }

    @Test
    void the_page_names_every_command_and_option() throws IOException {
        String page = Files.readString(PAGE).replace("\\-", "-");

        assertThat(commands()).hasSizeGreaterThan(12).allSatisfy(command -> {
            if (command.subcommands().isEmpty()) {
                assertThat(page).contains(".SS \"" + command.qualifiedName() + "\"\n");
                String section = page.substring(page.indexOf(".SS \"" + command.qualifiedName() + "\"\n"))
                        .substring(5)
                        .replaceFirst("(?s)\n\\.S[HS] .*", "");
                assertThat(command.options())
                        .filteredOn(option -> !option.hidden())
                        .allSatisfy(option -> {
                            boolean common = option.usageHelp() || option.versionHelp();
                            assertThat(Arrays.stream(option.names()))
                                    .allMatch(name -> common || section.contains("\\fB" + name + "\\fR"));
                        });
                assertThat(command.positionalParameters())
                        .allSatisfy(each -> assertThat(section).contains("\n\\fI" + each.paramLabel() + "\\fR\n"));
            }
        });
    }

    @Test
    void the_page_has_no_fault_that_groff_finds() throws Exception {
        assumeTrue(Programs.onPath("groff"), "groff is not installed");

        assertThat(Programs.run("", "groff", "-man", "-ww", "-z", "-Tutf8", PAGE.toString()))
                .isEmpty();
        assertThat(Programs.run("", "sh", "-c", "groff -man -rHY=0 -rLL=200n -Tutf8 -P-c -P-b -P-u " + PAGE))
                .contains("konnect-proxy - a forward proxy that lets Kong reach Konnect, and nothing else\n")
                .contains("konnect-proxy audit report", "--new-since=TIME", "EXIT STATUS");
    }

    @Test
    void the_page_is_the_same_each_time() throws IOException {
        assertThat(run("man")).isEqualTo(Files.readString(PAGE));
        assertThat(Files.readString(PAGE).chars()).allMatch(c -> c == '\n' || (c >= ' ' && c <= '~'));
    }

    /** What a person has typed, and what bash offers for the last word of it. Its {@code compopt} needs a terminal. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        konnect-proxy exp               | explain
        konnect-proxy c                 | check certificate completion
        konnect-proxy audit ver         | verify
        konnect-proxy audit report --si | --since
        konnect-proxy check --st        | --strict
        konnect-proxy check --conf      | --config
        konnect-proxy suggest --si      | --since
        """)
    void bash_completes(String typed, String offered) throws Exception {
        assumeTrue(Programs.onPath("bash"), "bash is not installed");

        String[] words = typed.split(" ", -1);
        String script =
                "source " + SCRIPT + "; compopt() { :; }; COMP_WORDS=(" + typed + "); COMP_CWORD=" + (words.length - 1)
                        + "; COMP_LINE='" + typed + "'; COMP_POINT=${#COMP_LINE}"
                        + "; $(complete -p konnect-proxy | sed 's/.*-F \\([^ ]*\\).*/\\1/'); echo \"${COMPREPLY[@]}\"";

        assertThat(Programs.run("", "bash", "--norc", "-c", script).strip().split("\\s+", -1))
                .containsExactlyInAnyOrder(offered.split(" ", -1));
    }

    @Test
    void the_script_is_good_for_bash_and_knows_every_command() throws Exception {
        assumeTrue(Programs.onPath("bash"), "bash is not installed");

        assertThat(Programs.run("", "bash", "-n", SCRIPT.toString())).isEmpty();
        String script = Files.readString(SCRIPT);
        assertThat(commands()).allMatch(command -> script.contains(command.name()));
    }
}
