package io.konnectproxy.server.live;

/** Cuts texts that others made. Nothing is escaped here: JSON escapes it, and the page writes it as text. */
final class ShownText {
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_SENTENCES = 512;

    private ShownText() {}

    /** The name of a user or of a certificate. */
    static String name(String text) {
        return cut(text, LONGEST_NAME);
    }

    /** A hint, or a problem of the configuration. */
    static String sentences(String text) {
        return cut(text, LONGEST_SENTENCES);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 3) + "...";
    }
}
