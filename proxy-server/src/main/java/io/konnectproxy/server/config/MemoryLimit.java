package io.konnectproxy.server.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory that connections may hold: a percentage of what the process may use, or a number of bytes. */
public sealed interface MemoryLimit {
    /** Less is not enough for one tunnel. */
    long LEAST = 1 << 20;

    /**
     * The limit in bytes.
     *
     * @param total bytes that the process may use: its container's limit, or the machine's memory
     */
    long of(long total);

    /**
     * A percentage of what the process may use.
     *
     * @param hundredths 1 to 90
     */
    record Percentage(int hundredths) implements MemoryLimit {
        private static final Pattern TEXT = Pattern.compile("([1-9][0-9]?)%");
        private static final int MOST = 90;

        public Percentage {
            if (hundredths < 1 || hundredths > MOST) {
                throw new IllegalArgumentException("must be from 1% to " + MOST + "%");
            }
        }

        @Override
        public long of(long total) {
            return Math.max(LEAST, total / 100 * hundredths);
        }

        @Override
        public String toString() {
            return hundredths + "%";
        }
    }

    /**
     * A number of bytes.
     *
     * @param bytes at least {@link #LEAST}
     */
    record Fixed(long bytes) implements MemoryLimit {
        @Override
        public long of(long total) {
            return Math.min(bytes, total);
        }

        @Override
        public String toString() {
            return Values.sizeText(bytes);
        }
    }

    /** Parses {@code 40%} or {@code 128MiB}. */
    static MemoryLimit parse(String text) {
        Matcher part = Percentage.TEXT.matcher(text);
        if (part.matches()) {
            return new Percentage(Integer.parseInt(part.group(1)));
        }
        if (text.endsWith("%")) {
            throw new IllegalArgumentException("must be from 1% to " + Percentage.MOST + "%" + Meant.size(text));
        }
        try {
            return new Fixed(Values.size(LEAST, 1L << 40).apply(text));
        } catch (IllegalArgumentException e) {
            String meant = Meant.size(text);
            String sentence = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(
                    (sentence.endsWith(meant) ? sentence.substring(0, sentence.length() - meant.length()) : sentence)
                            + ", or a part of the process's memory, like 40%" + (sentence.endsWith(meant) ? meant : ""),
                    e);
        }
    }
}
