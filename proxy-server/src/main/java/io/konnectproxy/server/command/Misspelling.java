package io.konnectproxy.server.command;

import io.konnectproxy.server.config.Spelling;
import io.konnectproxy.trail.event.Printable;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a sentence which command or option was probably meant. */
final class Misspelling {
    private Misspelling() {}

    static String sentence(UnmatchedArgumentException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        List<String> unmatched = e.getUnmatched();
        String word = unmatched.get(0);
        if (e.isUnknownOption()) {
            return option(command, name, word.replaceFirst("=.*", ""));
        }
        Map<String, CommandLine> commands = command.getSubcommands();
        if (commands.isEmpty()) {
            String more =
                    command.getCommandSpec().positionalParameters().isEmpty() ? "no argument" : "no further argument";
            // A URL may have a password.
            return "'" + name + "' takes " + more + (word.indexOf('@') < 0 ? " " + quoted(word) : "");
        }
        return "'" + name + "' has no command " + quoted(word) + didYouMean(word, commands.keySet());
    }

    /** About a value that is not one of a few. */
    static String noneOf(String value, Collection<String> known) {
        return quoted(value) + " is none of " + String.join(", ", known) + didYouMean(value, known);
    }

    private static String option(CommandLine command, String name, String word) {
        boolean ofACommand = command.getSubcommands().values().stream()
                .anyMatch(sub -> sub.getCommandSpec().findOption(word) != null);
        if (ofACommand) {
            return "'" + name + "' has no option " + quoted(word) + "; an option stands behind its command: '" + name
                    + " COMMAND " + word + "'";
        }
        List<String> names = command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .flatMap(Misspelling::names)
                .toList();
        return "'" + name + "' has no option " + quoted(word) + didYouMean(word, names);
    }

    private static Stream<String> names(OptionSpec option) {
        return Arrays.stream(option.names());
    }

    private static String didYouMean(String word, Collection<String> known) {
        return Spelling.nearest(word, known)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("");
    }

    private static String quoted(String word) {
        return "'" + Printable.of(word) + "'";
    }
}
