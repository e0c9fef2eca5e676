package io.konnectproxy.audit;

/** Bounds texts that others made, such as names, as the audit line shows them. */
public final class CutText {
    /** Characters of a text in an audit line. */
    public static final int LONGEST = 512;

    private static final int REPLACEMENT = 0xfffd;

    private CutText() {}

    /** At most {@value #LONGEST} characters of a text. */
    public static String of(String text) {
        return of(text, LONGEST);
    }

    /**
     * A text as it is, or its beginning and three dots. Halves of surrogate pairs become U+FFFD: programs that read JSON refuse a whole
     * line, or a whole file, because of one.
     *
     * @param most characters, the dots included
     */
    public static String of(String text, int most) {
        String cut = text.length() <= most ? text : text.substring(0, most - 3) + "...";
        return isWhole(cut) ? cut : whole(cut);
    }

    private static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static String whole(String text) {
        StringBuilder whole = new StringBuilder(text.length());
        text.codePoints()
                .forEach(codePoint -> whole.appendCodePoint(
                        codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE
                                ? REPLACEMENT
                                : codePoint));
        return whole.toString();
    }
}
