package io.konnectproxy.trail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A file of the trail, here or in an archive.
 *
 * @param firstSeq the sequence number of its first line, by which segments are ordered
 */
public record Segment(SegmentSource source, long firstSeq) {
    /** The sequence number of a file whose first line is incomplete. Such a file is the last one. */
    static final long LAST = Long.MAX_VALUE;

    /** Lines to examine, so that a damaged first line does not hide the lines after it. */
    private static final int LOOK_AT = 1000;

    private static final List<byte[]> BEGINS = Stream.of(LineForm.BEGIN_1, LineForm.BEGIN_2)
            .map(begin -> begin.getBytes(StandardCharsets.US_ASCII))
            .toList();

    /** A file on a disk of this machine. */
    public static Segment of(Path file, long firstSeq) {
        return new Segment(new LocalFile(file), firstSeq);
    }

    /** For people: the path, or the URL of the object. Not escaped. */
    public String name() {
        return source.name();
    }

    /** The last part of {@link #name}. Not escaped. */
    public String fileName() {
        return name().substring(name().lastIndexOf('/') + 1);
    }

    /**
     * The first valid line of a file.
     *
     * @param seq the sequence number of the file's first line, computed from that one
     * @param hash of that one
     * @param trail that it is of; empty if it is of version 1
     * @param before the hash of the line before that one
     * @param time of that one
     */
    record First(long seq, String hash, Optional<String> trail, String before, String time) {
        static First of(TrailLine line, long number) {
            return new First(Math.max(1, line.seq() - number + 1), line.hash(), line.trail(), line.prev(), line.time());
        }
    }

    /**
     * The sequence number of the first line of a file, computed from its first valid line.
     *
     * @return empty if the file is not one of a trail
     */
    static OptionalLong firstSeqOf(Path file) throws IOException {
        try (LineReader lines = LineReader.open(file)) {
            Optional<First> first = firstOf(lines);
            return first.isPresent() ? OptionalLong.of(first.get().seq()) : OptionalLong.empty();
        }
    }

    /** Whether its lines are of a trail but for a carriage return at their ends, which a conversion of the file adds. */
    static boolean isConverted(LineReader lines) throws IOException {
        TrailLine line = new TrailLine();
        while (lines.number() < LOOK_AT && lines.next()) {
            int end = lines.end() - 1;
            if (end > lines.from() && lines.bytes()[end] == '\r' && line.read(lines.bytes(), lines.from(), end)) {
                return true;
            }
        }
        return false;
    }

    /** Empty if the file is not one of a trail. */
    static Optional<First> firstOf(LineReader lines) throws IOException {
        TrailLine line = new TrailLine();
        while (lines.number() < LOOK_AT && lines.next()) {
            if (line.read(lines.bytes(), lines.from(), lines.end())) {
                return Optional.of(First.of(line, lines.number()));
            }
        }
        return lines.number() == 0 && BEGINS.stream().anyMatch(lines::unfinishedBegins)
                ? Optional.of(new First(LAST, "", Optional.empty(), "", ""))
                : Optional.empty();
    }
}
