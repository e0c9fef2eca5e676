package io.konnectproxy.server.config;

import java.util.Locale;
import java.util.Optional;

/** Characters that look like others, or like nothing: they come with text that was copied from a page or a document. */
final class OddCharacter {
    private OddCharacter() {}

    /** The end of a sentence about a text that has one, with its name; else empty. */
    static String hint(String text) {
        return first(text)
                .map(c -> "; it has " + name(c) + " in it, write " + instead(c))
                .orElse("");
    }

    /** The same of a key, all of which are ASCII: any other character is named, as a letter of another alphabet that looks like one. */
    static String hintInKey(String key) {
        return first(key)
                .map(c -> hint(key))
                .orElseGet(() -> key.codePoints()
                        .filter(c -> c < ' ' || c > '~')
                        .boxed()
                        .findFirst()
                        .map(c -> "; it has " + name(c) + " in it")
                        .orElse(""));
    }

    /** The text with what should stand there. */
    static String without(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (!isOdd(c)) {
                plain.appendCodePoint(c);
            }
        });
        return plain.toString();
    }

    static Optional<Integer> first(String text) {
        return text.codePoints().filter(OddCharacter::isOdd).boxed().findFirst();
    }

    /** As in {@code U+00A0 NO-BREAK SPACE}. */
    static String name(int c) {
        String name = Character.getName(c);
        return String.format(Locale.ROOT, "U+%04X", c) + (name == null ? "" : " " + name);
    }

    /** What is meant by it, for a sentence with "write". */
    static String instead(int c) {
        return switch (Character.getType(c)) {
            case Character.SPACE_SEPARATOR -> "a blank";
            case Character.DASH_PUNCTUATION -> "a hyphen";
            case Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION, Character.START_PUNCTUATION ->
                "a straight quote";
            default -> "nothing for it";
        };
    }

    /** Whether it is no blank and looks like one or like nothing. */
    static boolean isBlank(int c) {
        return (Character.getType(c) == Character.SPACE_SEPARATOR && c != ' ')
                || c == 0x00ad
                || (c >= 0x200b && c <= 0x200d)
                || c == 0x2060
                || c == 0xfeff;
    }

    private static boolean isOdd(int c) {
        // Low quotes are START_PUNCTUATION, as brackets are.
        return isBlank(c) || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || (c >= 0x2018 && c <= 0x201f);
    }
}
