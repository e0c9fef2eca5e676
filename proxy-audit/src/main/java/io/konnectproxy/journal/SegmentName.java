package io.konnectproxy.journal;

import io.konnectproxy.trail.LineReader;
import io.konnectproxy.trail.TrailLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The day and number of a file's first line, which form its name once it is finished.
 *
 * @param day in UTC
 * @param seq of its first line
 */
record SegmentName(LocalDate day, long seq) {
    /** Of a file that begins now. */
    static SegmentName beginning(Instant now, long seq) {
        return new SegmentName(now.atZone(ZoneOffset.UTC).toLocalDate(), seq);
    }

    /** Of a file that may have lines already. */
    static SegmentName of(Path file, Instant now) throws IOException {
        TrailLine line = new TrailLine();
        try (LineReader lines = LineReader.open(file)) {
            return lines.next() && line.read(lines.bytes(), lines.from(), lines.end())
                    ? new SegmentName(LocalDate.parse(line.time().substring(0, 10)), line.seq())
                    : beginning(now, 0);
        }
    }

    /** {@code konnect-proxy-20261122-000000000123.jsonl} of {@code konnect-proxy.jsonl}. */
    String finishedName(String current) {
        return stem(current)
                + String.format(Locale.ROOT, "-%s-%012d", DateTimeFormatter.BASIC_ISO_DATE.format(day), seq)
                + extension(current);
    }

    /**
     * Matches all such names, compressed or not, also with the number of a second file that begins with the same line.
     */
    static Pattern finishedNames(String current) {
        return Pattern.compile(Pattern.quote(stem(current)) + "-[0-9]{8}-(?<seq>[0-9]{12,18})(-[0-9]+)?"
                + Pattern.quote(extension(current)) + "(\\.gz)?");
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** The extension with its dot; empty where a name has none. */
    static String extension(String name) {
        return name.substring(stem(name).length());
    }
}
