package io.konnectproxy.journal;

import io.konnectproxy.trail.LineReader;
import io.konnectproxy.trail.Link;
import io.konnectproxy.trail.TrailEnd;
import io.konnectproxy.trail.TrailLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a finished file begins with, by which the archive knows it again, whatever its name is by now.
 *
 * @param trail empty where its first line is of version 1
 */
record FinishedFile(Path file, Optional<String> trail, long firstSeq, Version version) {
    /** Lines to examine, so that a damaged first line does not hide the lines after it. */
    private static final int LOOK_AT = 1000;

    /** A file as it stood at one moment. */
    record Version(long size, FileTime modified, @Nullable Object key) {
        static Version of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
        }
    }

    /** Empty if it has no line of a trail. */
    static Optional<FinishedFile> of(Path file) throws IOException {
        Version version = Version.of(file);
        TrailLine line = new TrailLine();
        try (LineReader lines = LineReader.open(file)) {
            while (lines.number() < LOOK_AT && lines.next()) {
                if (line.read(lines.bytes(), lines.from(), lines.end())) {
                    long first = Math.max(1, line.seq() - lines.number() + 1);
                    return Optional.of(new FinishedFile(file, line.trail(), first, version));
                }
            }
        }
        return Optional.empty();
    }

    /** The last line. A compressed file is read as a whole. */
    Link last() throws IOException {
        return TrailEnd.of(file).last();
    }

    /** Whether all its lines are of version 1, which has no name of a trail: the archive has no place for it. */
    boolean isNameless() throws IOException {
        return trail.isEmpty() && last().trail().isEmpty();
    }

    /** Whether the file at the path is still the same one. */
    boolean isUnchanged() throws IOException {
        return Version.of(file).equals(version);
    }

    long size() {
        return version.size();
    }
}
