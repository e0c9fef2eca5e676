package io.konnectproxy.report;

import io.konnectproxy.trail.event.Printable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time as a user writes it: a date, a date with a time of day, or how long ago it was. Without an offset it is in
 * UTC.
 */
public final class PointInTime {
    private static final Pattern AGO = Pattern.compile("([0-9]{1,5})([mhdw])");

    private static final Map<String, Duration> UNITS = Map.of(
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    private PointInTime() {}

    /**
     * Reads the beginning of a period: a date means its first moment.
     *
     * @throws IllegalArgumentException with a sentence that goes on behind the name of the option
     */
    public static Instant beginning(String text, Instant now) {
        return read(text, now, 0);
    }

    /**
     * Reads the end of a period: a date includes the whole day.
     *
     * @throws IllegalArgumentException with a sentence that goes on behind the name of the option
     */
    public static Instant end(String text, Instant now) {
        return read(text, now, 1);
    }

    private static Instant read(String text, Instant now, int days) {
        try {
            Matcher ago = AGO.matcher(text);
            Instant time = ago.matches()
                    ? now.minus(UNITS.get(ago.group(2)).multipliedBy(Long.parseLong(ago.group(1))))
                    : written(text, days);
            int year = time.atOffset(ZoneOffset.UTC).getYear();
            if (year >= 0 && year <= 9999) {
                return time;
            }
        } catch (DateTimeException e) {
            throw wrong(text, e);
        }
        throw wrong(text, null);
    }

    private static Instant written(String text, int days) {
        if (text.indexOf('T') < 0) {
            return LocalDate.parse(text)
                    .plusDays(days)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
        }
        String time = text.substring(text.indexOf('T'));
        return time.endsWith("Z") || time.indexOf('+') >= 0 || time.indexOf('-') >= 0
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }

    private static IllegalArgumentException wrong(String text, @org.jspecify.annotations.Nullable Throwable cause) {
        return new IllegalArgumentException(
                "'" + Printable.of(text)
                        + "' is no time: write 2026-11-22, 2026-11-22T18:00 (UTC), or 7d or 24h for that" + " long ago",
                cause);
    }
}
