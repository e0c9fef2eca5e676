package io.konnectproxy.server.config;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Parses and formats single values. Every parser throws IllegalArgumentException with the rest of a sentence that begins
 * with the value.
 */
final class Values {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(|KiB|MiB|GiB)");
    private static final Pattern WINDOWS_PATH = Pattern.compile("[A-Za-z]:[\\\\/]|\\\\\\\\");
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");

    private Values() {}

    static boolean flag(String text) {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new IllegalArgumentException("must be true or false" + Meant.flag(text));
    }

    static String path(String text) {
        if (File.separatorChar == '/' && WINDOWS_PATH.matcher(text).lookingAt()) {
            throw new IllegalArgumentException(
                    "is a path of Windows, and this system is none; write it like /etc/name");
        }
        try {
            boolean printable = !text.isBlank() && text.chars().noneMatch(Character::isISOControl);
            if (printable && !Path.of(text).toString().isEmpty()) {
                return text;
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is no file name in the encoding of this system", e);
        }
        throw new IllegalArgumentException("is no file name");
    }

    /** A positive whole number up to a bound. */
    static Function<String, Integer> count(int max) {
        return text -> {
            if (!COUNT.matcher(text).matches()) {
                throw new IllegalArgumentException("must be a whole number from 1 to " + max + Meant.count(text));
            }
            int value = Integer.parseInt(text);
            if (value < 1 || value > max) {
                throw new IllegalArgumentException("must be from 1 to " + max);
            }
            return value;
        };
    }

    /** A positive time with its unit, {@code 500ms}, {@code 10s}, {@code 15m}, {@code 2h}. */
    static Function<String, Duration> duration(Duration max) {
        return text -> {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "must be a time with its unit, like 500ms, 10s, 15m, 2h or 400d" + Meant.duration(text));
            }
            long amount = Long.parseLong(matcher.group(1));
            Duration value = inUnit(amount, matcher.group(2));
            if (value.isZero() || value.compareTo(max) > 0) {
                throw new IllegalArgumentException("must be more than nothing and at most " + text(max));
            }
            return value;
        };
    }

    private static Duration inUnit(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** A duration as it is written in the file, in the largest unit that gives a whole number. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        if (seconds % 3600 != 0) {
            return seconds / 60 + "m";
        }
        long hours = seconds / 3600;
        return hours % 24 == 0 && hours > 24 ? hours / 24 + "d" : hours + "h";
    }

    /** Bytes, plain or in {@code KiB}, {@code MiB} or {@code GiB}. */
    static Function<String, Long> size(long min, long max) {
        return text -> {
            Matcher matcher = SIZE.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "must be a size, like 16KiB, 1MiB or plain bytes" + Meant.size(text));
            }
            long bytes = Long.parseLong(matcher.group(1)) << shift(matcher.group(2));
            if (bytes < min || bytes > max) {
                throw new IllegalArgumentException("must be from " + sizeText(min) + " to " + sizeText(max));
            }
            return bytes;
        };
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "" -> 0;
            case "KiB" -> 10;
            case "MiB" -> 20;
            default -> 30;
        };
    }

    /** A size as it is written in the file. */
    static String sizeText(long bytes) {
        if (bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes % (1L << 10) == 0 ? (bytes >> 10) + "KiB" : Long.toString(bytes);
    }

    /** Wraps a parser of the core, whose messages are whole sentences. */
    static <T> Function<String, T> parsed(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("is not right: " + e.getMessage(), e);
            }
        };
    }

    /** One of the existing values, compared by {@code toString}. */
    static <T> Function<String, T> oneOf(String what, Collection<T> existing) {
        return text -> existing.stream()
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is no " + what
                        + Spelling.hint(
                                text, existing.stream().map(Object::toString).toList())));
    }

    /** Sorted, so that the text of a configuration is deterministic. */
    static String joined(Collection<?> values) {
        return values.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
    }

    /** In their own order. */
    static <T> String listed(List<T> values, Function<T, String> text) {
        return values.stream().map(text).collect(Collectors.joining(", "));
    }

    /** A constant of an enum, written in lower case with hyphens. */
    static <E extends Enum<E>> Function<String, E> choice(Class<E> type) {
        List<String> names =
                Arrays.stream(type.getEnumConstants()).map(Values::name).toList();
        return text -> {
            int index = names.indexOf(text);
            if (index < 0) {
                throw new IllegalArgumentException("is not known" + Spelling.hint(text, names));
            }
            return type.getEnumConstants()[index];
        };
    }

    /** A constant as it is written in the file, {@code report-only}. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
