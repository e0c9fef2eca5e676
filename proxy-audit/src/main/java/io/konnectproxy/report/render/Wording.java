package io.konnectproxy.report.render;

import io.konnectproxy.trail.event.Micros;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats numbers and times for people. */
final class Wording {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY_OF_YEAR =
            DateTimeFormatter.ofPattern("MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME_OF_DAY =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Wording() {}

    /** {@code 1,234,567}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 line}, {@code 1,234 lines}. */
    static String count(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    /** {@code 0 h}, {@code <0.1 h}, {@code 12.3 h}, {@code 1,234 h}. */
    static String hours(long millis) {
        double hours = millis / 3_600_000.0;
        if (millis == 0) {
            return "0 h";
        }
        if (hours < 0.05) {
            return "<0.1 h";
        }
        return String.format(Locale.ROOT, hours < 999.95 ? "%,.1f h" : "%,.0f h", hours);
    }

    /** {@code 2026-11-22 18:00:05}, in UTC. */
    static String time(long micros) {
        return TIME.format(Micros.instant(micros));
    }

    /** {@code 2026-11-22 18:00:05 to 19:30:00}; without a date that is the same, or an end that is the beginning. */
    static String stretch(long first, long last) {
        String from = time(first);
        String until = time(last);
        if (from.equals(until)) {
            return from;
        }
        return from + " to " + (day(first).equals(day(last)) ? until.substring(until.indexOf(' ') + 1) : until);
    }

    static String minute(long micros) {
        return MINUTE.format(Micros.instant(micros));
    }

    static String day(long micros) {
        return DAY.format(Micros.instant(micros));
    }

    static String dayOfYear(long micros) {
        return DAY_OF_YEAR.format(Micros.instant(micros));
    }

    static String timeOfDay(long micros) {
        return TIME_OF_DAY.format(Micros.instant(micros));
    }

    /** {@code 15 minutes}, {@code 1 day}. */
    static String span(long micros) {
        if (micros % Micros.DAY == 0) {
            return count(micros / Micros.DAY, "day", "days");
        }
        return micros % Micros.HOUR == 0
                ? count(micros / Micros.HOUR, "hour", "hours")
                : count(micros / Micros.MINUTE, "minute", "minutes");
    }
}
