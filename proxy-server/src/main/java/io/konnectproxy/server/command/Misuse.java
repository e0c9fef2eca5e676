package io.konnectproxy.server.command;

import io.konnectproxy.trail.event.Printable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one sentence what is wrong with a command line, without the words of the library that has read it. */
final class Misuse {
    private static final Pattern NAME = Pattern.compile("(?<![\\w-])--?[A-Za-z][A-Za-z-]*");

    private Misuse() {}

    static String sentence(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return Misspelling.sentence(unmatched);
        }
        if (e instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + " is given twice; keep one";
        }
        if (e instanceof MutuallyExclusiveArgsException) {
            return names(e, " and ") + " exclude each other; give one of them";
        }
        if (e instanceof MissingParameterException missing) {
            return missing(missing);
        }
        ArgSpec argument = e.getArgSpec();
        if (argument != null && e.getCause() instanceof TypeConversionException unfit) {
            return unfit(argument, e.getValue(), String.valueOf(unfit.getMessage()));
        }
        return e.getMessage() == null ? "Bad usage" : e.getMessage().replaceAll("\\R\\s*", " ");
    }

    private static String missing(MissingParameterException e) {
        String message = String.valueOf(e.getMessage());
        String command = "'" + e.getCommandLine().getCommandSpec().qualifiedName() + "' needs ";
        List<ArgSpec> missing = e.getMissing();
        if (message.contains("specify one of")) {
            return command + names(e, " or ");
        }
        if (missing.size() == 1
                && missing.get(0) instanceof OptionSpec option
                && !message.startsWith("Missing required option")) {
            return name(option) + " needs a value, " + option.paramLabel();
        }
        return missing.isEmpty()
                ? message
                : command + missing.stream().map(Misuse::written).collect(Collectors.joining(" and "));
    }

    /** An option with its value, or an argument. */
    private static String written(ArgSpec argument) {
        return argument instanceof OptionSpec option ? name(option) + " " + option.paramLabel() : argument.paramLabel();
    }

    private static String unfit(ArgSpec argument, @Nullable String value, String why) {
        String given = value == null ? "" : value;
        if (argument.arity().max() == 0) {
            return name(argument) + " takes no value";
        }
        if (why.startsWith("it ")) {
            // The value may have a password in it.
            return name(argument) + why.substring(2);
        }
        String subject = name(argument) + (given.isEmpty() ? " " : " '" + Printable.of(given) + "' ");
        if (why.endsWith("is not an int")) {
            return subject + "is no whole number" + (given.matches("-?[0-9]+") ? " of that size" : "");
        }
        Class<?> type = argument.typeInfo().getType();
        return type.isEnum() && why.startsWith("expected one of")
                ? name(argument) + " "
                        + Misspelling.noneOf(
                                given,
                                Arrays.stream(type.getEnumConstants())
                                        .map(each -> ((Enum<?>) each).name().toLowerCase(Locale.ROOT))
                                        .toList())
                : why.startsWith("'") ? name(argument) + " " + why : subject + why;
    }

    /** The longest name, as the help has it. */
    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    /** The names of options that a message has. */
    private static String names(ParameterException e, String between) {
        return NAME.matcher(String.valueOf(e.getMessage()))
                .results()
                .map(MatchResult::group)
                .distinct()
                .collect(Collectors.joining(between));
    }

    /** Reads the name of a file, which must be one. */
    static final class FileName implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            if (text.isBlank()) {
                throw new TypeConversionException("names no file");
            }
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new TypeConversionException("is no file name");
            }
        }
    }
}
