package io.konnectproxy.server.command;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes the command line as a man page, in the macros of man(7), from the same model that {@code --help} shows. There is one
 * page for all commands, so that a search in it finds every option.
 */
final class ManPage {
    private static final Map<Integer, String> EXIT_CODES = Map.of(
            ExitCode.OK,
            "Done; of explain permitted, of audit verify intact.",
            ExitCode.FAILED,
            "Refused, not healthy, broken, not as expected, or could not start: the command says which.",
            ExitCode.USAGE,
            "Bad usage.",
            ExitCode.OUTPUT,
            "The result could not be written.",
            ExitCode.CONFIGURATION,
            "Bad configuration.");

    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    /** @param version of the program */
    static String of(CommandSpec root, String version) {
        ManPage man = new ManPage();
        man.write(root, version);
        return man.page.toString();
    }

    private void write(CommandSpec root, String version) {
        String name = root.name();
        macro("TH", name.toUpperCase(Locale.ROOT), "1", "", name + " " + version, "User Commands");
        macro("SH", "NAME");
        text(name + " - " + title(root.usageMessage().description()[0]));
        macro("SH", "SYNOPSIS");
        page.append("\\fB").append(escaped(name)).append("\\fR \\fICOMMAND\\fR ...\n");
        macro("SH", "DESCRIPTION");
        text("Every command has the options --help and --version. Options stand behind their command.");
        macro("SH", "COMMANDS");
        commands(root);
        macro("SH", "EXIT STATUS");
        EXIT_CODES.keySet().stream().sorted().forEach(code -> {
            macro("TP");
            page.append("\\fB").append(code).append("\\fR\n");
            text(EXIT_CODES.get(code));
        });
        macro("SH", "ENVIRONMENT");
        macro("TP");
        page.append("\\fBKONNECT_PROXY_\\fR\\fIKEY\\fR\n");
        text(
                "Sets a key of the configuration, and takes precedence over the file: its name in capitals, with _ for . and -.");
        macro("TP");
        page.append("\\fBNO_COLOR\\fR\n");
        text("Where it is set, output to a terminal has no colours.");
        macro("SH", "FILES");
        macro("TP");
        page.append("\\fI").append(escaped(ConfigurationOption.defaultFile())).append("\\fR\n");
        text("The configuration, unless -c names another.");
    }

    private void commands(CommandSpec parent) {
        for (CommandLine command : parent.subcommands().values()) {
            CommandSpec spec = command.getCommandSpec();
            if (spec.subcommands().isEmpty()) {
                command(spec);
            } else {
                commands(spec);
            }
        }
    }

    private void command(CommandSpec spec) {
        macro("SS", spec.qualifiedName());
        Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
        // One line to the reader's terminal, which breaks it where it likes.
        text(help.synopsis(0).replaceAll("\\s+", " ").strip());
        for (String paragraph : spec.usageMessage().description()) {
            macro("PP");
            text(paragraph);
        }
        spec.positionalParameters().stream()
                .filter(each -> !each.hidden())
                .forEach(parameter -> argument("\\fI" + escaped(parameter.paramLabel()) + "\\fR", parameter));
        spec.options().stream()
                .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
                .forEach(option -> argument(names(option), option));
    }

    private void argument(String name, ArgSpec argument) {
        macro("TP");
        page.append(name).append('\n');
        text(String.join(" ", argument.description()));
    }

    private static String names(OptionSpec option) {
        String names = Arrays.stream(option.names())
                .map(name -> "\\fB" + escaped(name) + "\\fR")
                .collect(Collectors.joining(", "));
        return option.arity().max() == 0 ? names : names + "=\\fI" + escaped(option.paramLabel()) + "\\fR";
    }

    private void macro(String macro, String... arguments) {
        page.append('.').append(macro);
        List.of(arguments)
                .forEach(
                        argument -> page.append(" \"").append(escaped(argument)).append('"'));
        page.append('\n');
    }

    private void text(String text) {
        page.append(escaped(text)).append('\n');
    }

    /** A period or an apostrophe at the beginning of a line would be a macro, and a plain hyphen could not be searched for. */
    private static String escaped(String text) {
        String plain = text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }

    /** A sentence as the title that {@code apropos} shows. */
    private static String title(String sentence) {
        return sentence.substring(0, 1).toLowerCase(Locale.ROOT)
                + sentence.substring(1).replaceFirst("\\.$", "");
    }
}
