package io.konnectproxy.server.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of resolv.conf or of the hosts file. Every byte is one character: the files have no encoding, and what stands in a
 * comment does not matter.
 *
 * @param number the first line is 1
 * @param words separated by blanks; there is at least one
 */
record SystemFileLine(int number, List<String> words) {
    private static final String BYTE_ORDER_MARK =
            new String(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, ISO_8859_1);
    private static final int MOST_SHOWN = 64;

    /**
     * The lines that have a word.
     *
     * @param comment the characters that begin a comment
     */
    static List<SystemFileLine> of(byte[] content, String comment) {
        String text = new String(content, ISO_8859_1);
        if (text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(BYTE_ORDER_MARK.length());
        }
        List<SystemFileLine> lines = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            List<String> words = words(line, comment);
            if (!words.isEmpty()) {
                lines.add(new SystemFileLine(number, words));
            }
        }
        return lines;
    }

    private static List<String> words(String line, String comment) {
        List<String> words = new ArrayList<>();
        int begin = -1;
        for (int i = 0; i <= line.length(); i++) {
            boolean ends = i == line.length() || comment.indexOf(line.charAt(i)) >= 0;
            if (ends || isBlank(line.charAt(i))) {
                if (begin >= 0) {
                    words.add(line.substring(begin, i));
                }
                begin = -1;
            } else if (begin < 0) {
                begin = i;
            }
            if (ends) {
                break;
            }
        }
        return words;
    }

    /** As {@code isspace} of C. */
    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /** A word as it may be shown. */
    static String shown(String word) {
        String printable = word.replaceAll("[^!-~]", "?");
        return "'" + (printable.length() > MOST_SHOWN ? printable.substring(0, MOST_SHOWN) + "…" : printable) + "'";
    }

    /** The beginning of a problem. */
    String problem(String sentence) {
        return "line " + number + ": " + sentence;
    }
}
