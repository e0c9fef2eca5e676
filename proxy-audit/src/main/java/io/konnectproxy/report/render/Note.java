package io.konnectproxy.report.render;

/** A sentence or two. */
record Note(Tone tone, String text) {
    /** Whether it is to be heeded; what is comes first. */
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
