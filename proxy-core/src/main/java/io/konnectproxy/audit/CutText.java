package io.konnectproxy.audit;

/** Bounds texts that others made, such as names, as the audit line shows them. */
public final class CutText {
    /** Characters of a text in an audit line. */
    public static final int LONGEST = 512;

    private CutText() {}

    /** At most {@value #LONGEST} characters of a text. */
    public static String of(String text) {
        return of(text, LONGEST);
    }

    /**
     * A text as it is, or its beginning and three dots.
     *
     * @param most characters, the dots included
     */
    public static String of(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 3) + "...";
    }
}
