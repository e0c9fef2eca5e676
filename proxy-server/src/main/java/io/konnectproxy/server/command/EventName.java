package io.konnectproxy.server.command;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of an event of the trail, as in {@code event} of its lines. */
enum EventName {
    START,
    CONFIGURATION,
    RELOAD_REFUSED,
    DECISION,
    REFUSALS,
    TUNNEL,
    MIRROR,
    CHECKPOINT,
    GAP,
    TORN,
    REMOVED,
    CLOCK,
    DRAIN,
    STOP;

    /** The word in the line. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static List<String> words() {
        return Arrays.stream(values()).map(EventName::word).toList();
    }

    /** Takes the words of the lines, and suggests one for any other. */
    static final class Converter implements ITypeConverter<EventName> {
        @Override
        public EventName convert(String text) {
            return Arrays.stream(values())
                    .filter(name -> name.word().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(Misspelling.noneOf(text, words())));
        }
    }
}
