package io.konnectproxy.report.render;

/** One or two sentences in a section. */
record Note(Tone tone, String text) {
    /** Whether it is a warning; warnings come first. */
    enum Tone {
        WARNING,
        GOOD,
        PLAIN
    }

    static Note plain(String text) {
        return new Note(Tone.PLAIN, text);
    }

    static Note good(String text) {
        return new Note(Tone.GOOD, text);
    }

    static Note warning(String text) {
        return new Note(Tone.WARNING, text);
    }
}
