package io.konnectproxy.trail.event;

/**
 * Escapes text of the trail so that it is safe in a terminal and on a page. The writer of the trail escapes text as well, but
 * reports also read lines that another program wrote.
 */
public final class Printable {
    /** The writer truncates text to 512 characters. */
    public static final int MAX_LENGTH = 600;

    /** After this, there are scripts with combining characters or another direction. */
    private static final int END_OF_LATIN = 0x250;

    private Printable() {}

    /** Escapes everything but printable ASCII and Latin letters as <code>&#92;uhhhh</code>, and truncates the text. */
    public static String of(String text) {
        int plain = 0;
        while (plain < text.length() && isPlain(text.charAt(plain))) {
            plain++;
        }
        return plain == text.length() && plain <= MAX_LENGTH ? text : escaped(text);
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < text.length() && safe.length() <= MAX_LENGTH; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                safe.append(c);
            } else {
                safe.append("\\u").append(Integer.toHexString(c | 0x10000), 1, 5);
            }
        }
        if (safe.length() > MAX_LENGTH) {
            safe.setLength(MAX_LENGTH - 3);
            safe.append("...");
        }
        return safe.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= ' ' && c <= '~') || (c < END_OF_LATIN && Character.isLetter(c));
    }
}
