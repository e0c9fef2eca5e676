package io.konnectproxy.trail.event;

/**
 * Text of the trail made harmless for a terminal and a page. The trail's writer escapes already, but a report is also made of
 * lines that somebody else wrote.
 */
public final class Printable {
    /** The writer cuts at 512. */
    public static final int MAX_LENGTH = 600;

    /** Behind this, scripts begin that change direction or combine. */
    private static final int END_OF_LATIN = 0x250;

    private Printable() {}

    /** The same text with everything but printable ASCII and Latin letters as <code>&#92;uhhhh</code>, and cut. */
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
