package io.konnectproxy.server.config;

import java.util.function.Function;
import java.util.function.Predicate;

/** A value is invalid and must not be shown, since it may be a secret. The message does not contain it. */
final class RedactedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private RedactedException(String sentence) {
        super(sentence);
    }

    /** The same, for values that may be shown where they are harmless. */
    static <T> Function<String, T> hidingUnless(
            Predicate<String> harmless, String subject, Function<String, T> parser) {
        Function<String, T> hiding = hiding(subject, parser);
        return text -> (harmless.test(text) ? parser : hiding).apply(text);
    }

    /**
     * Wraps a parser of confidential values. The parser's exception is not kept as the cause, since it may contain the
     * value.
     *
     * @param subject what the sentence begins with in place of the value
     */
    static <T> Function<String, T> hiding(String subject, Function<String, T> parser) {
        return text -> {
            String problem;
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                problem = e.getMessage();
            }
            throw new RedactedException(subject + " " + problem);
        };
    }
}
