package io.konnectproxy.server.credentials;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The rules for user names: they must fit into an htpasswd line, and be readable in a log line. */
public final class UserName {
    private static final int MAX_BYTES = 255;

    private UserName() {}

    /** The problem of a name, for a sentence that begins with "the name"; it contains no part of the name. */
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("is empty");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return Optional.of("has more than " + MAX_BYTES + " bytes");
        }
        if (name.indexOf(':') >= 0) {
            return Optional.of("has a colon, which ends it");
        }
        if (name.startsWith("#")) {
            return Optional.of("begins with #, as comments do");
        }
        if (name.startsWith(" ") || name.endsWith(" ")) {
            return Optional.of("begins or ends with a space");
        }
        return name.codePoints().allMatch(UserName::isVisible)
                ? Optional.empty()
                : Optional.of("has a character that can't be seen");
    }

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            default -> true;
        };
    }
}
