package io.konnectproxy.server.live;

import io.konnectproxy.audit.CutText;

/** Cuts texts that others made. Nothing is escaped here: JSON escapes it, and the page writes it as text. */
final class ShownText {
    private static final int LONGEST_NAME = 128;

    private ShownText() {}

    /** The name of a user or of a certificate. */
    static String name(String text) {
        return CutText.of(text, LONGEST_NAME);
    }

    /** A hint, or a problem of the configuration. */
    static String sentences(String text) {
        return CutText.of(text);
    }
}
