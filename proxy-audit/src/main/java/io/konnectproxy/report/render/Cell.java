package io.konnectproxy.report.render;

import io.konnectproxy.trail.event.ByteCount;
import java.util.Optional;

/** One field of a table, independent of the output format. */
sealed interface Cell {
    /** The readable text. */
    String words();

    /** Whether it says nothing: zero, or no text. */
    boolean isNothing();

    record Text(String words) implements Cell {
        @Override
        public boolean isNothing() {
            return words.isEmpty() || words.equals("-");
        }
    }

    record Count(long value) implements Cell {
        @Override
        public boolean isNothing() {
            return value == 0;
        }

        @Override
        public String words() {
            return Wording.number(value);
        }
    }

    record Bytes(long value) implements Cell {
        @Override
        public boolean isNothing() {
            return value == 0;
        }

        @Override
        public String words() {
            return ByteCount.text(value);
        }
    }

    record Hours(long millis) implements Cell {
        @Override
        public boolean isNothing() {
            return millis == 0;
        }

        @Override
        public String words() {
            return Wording.hours(millis);
        }
    }

    /**
     * A time.
     *
     * @param micros empty where it is not known
     */
    record Time(Optional<Long> micros) implements Cell {
        @Override
        public boolean isNothing() {
            return micros.isEmpty();
        }

        static Time of(long micros) {
            boolean known = micros != Long.MAX_VALUE && micros != Long.MIN_VALUE;
            return new Time(known ? Optional.of(micros) : Optional.empty());
        }

        @Override
        public String words() {
            return micros.map(Wording::time).orElse("-");
        }
    }
}
