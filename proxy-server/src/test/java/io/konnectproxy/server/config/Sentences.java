package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What must be true of everything that is said about a file, whatever stands in it. */
final class Sentences {
    /** The number of lines where others than the file's may be named: those of a file that it names, which may be called so. */
    static final int ANY = Integer.MAX_VALUE;

    private Sentences() {}

    /** At least one, none twice; each names a place that exists and says something. */
    static void require(List<String> problems, Path file, int lines) {
        assertThat(problems).isNotEmpty().doesNotHaveDuplicates();
        for (String problem : problems) {
            assertThat(problem.substring(problem.indexOf(": ") + 1)).isNotBlank();
            assertThat(isOneLine(problem)).as(problem).isTrue();
            requirePlace(problem, file, lines);
        }
    }

    /** Where a line of the file is named, the file has it. */
    static void requirePlace(String text, Path file, int lines) {
        String named = text.replace(file.getParent() + "/", "");
        String begin = file.getFileName() + ":";
        String number =
                named.startsWith(begin) ? named.substring(begin.length()).split("[: ]", 2)[0] : "";
        if (number.matches("[0-9]{1,9}")) {
            assertThat(Integer.parseInt(number)).as(text).isBetween(1, lines);
        }
    }

    /** Printable on a terminal: nothing that moves the cursor, ends the line or turns the writing round. */
    static boolean isOneLine(String text) {
        return text.codePoints().noneMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        });
    }

    /** How many lines a file has, the empty one behind its last line feed included. */
    static int lines(byte[] file) {
        return new String(file, StandardCharsets.UTF_8).split("\r\n|\r|\n", -1).length;
    }
}
