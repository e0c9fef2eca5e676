package io.konnectproxy.server.config;

import java.util.function.Function;

/** A value is wrong and must not be shown, since it may be a secret. The message is a sentence without the value. */
final class RedactedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private RedactedException(String sentence) {
        super(sentence);
    }

    /**
     * A parser whose values may not be shown. What the parser threw is no cause of what is thrown, for it may hold the value.
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
