package io.konnectproxy.trail;

import io.konnectproxy.archive.ArchiveKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A checkpoint that the archive keeps beside the files.
 *
 * @param name of its object
 * @param trail by its name
 * @param line without its line feed; empty if it is no checkpoint
 * @param fault what is wrong with it; empty if it is what its name says
 * @param trouble why it could not be read
 */
record ArchivedCheckpoint(
        String name,
        String trail,
        long seq,
        String line,
        Optional<ChainCheck.Fault> fault,
        Optional<TrailException> trouble) {
    /** Bytes. A checkpoint has some 500. */
    private static final int LONGEST = 4096;

    /**
     * Reads one.
     *
     * @throws IOException if it cannot be read
     */
    static ArchivedCheckpoint read(SegmentSource source, ArchiveKey key) throws IOException {
        byte[] bytes;
        try (InputStream in = Channels.newInputStream(source.open())) {
            bytes = in.readNBytes(LONGEST);
        }
        TrailLine line = new TrailLine();
        boolean ends = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
        boolean read = ends && line.read(bytes, 0, bytes.length - 1);
        Optional<ChainCheck.Fault> fault =
                read ? fault(line, key) : Optional.of(noLine(ends ? line.fault() : "it has no line feed at its end"));
        String text = fault.isEmpty() ? line.text() : "";
        return new ArchivedCheckpoint(source.name(), key.trail(), key.seq(), text, fault, Optional.empty());
    }

    private static ChainCheck.Fault noLine(String why) {
        return new ChainCheck.Fault(Defect.NOT_A_LINE, "a checkpoint, the line alone", why);
    }

    private static Optional<ChainCheck.Fault> fault(TrailLine line, ArchiveKey key) {
        if (!line.isEvent(LineForm.CHECKPOINT)) {
            return Optional.of(noLine("it is no checkpoint"));
        }
        if (!line.hashFits()) {
            return Optional.of(
                    new ChainCheck.Fault(Defect.EDITED, "hash " + line.hashOfBytes(), "hash " + line.hash()));
        }
        // A checkpoint of version 1 does not say of which trail it is.
        boolean own =
                line.seq() == key.seq() && line.trail().map(key.trail()::equals).orElse(true);
        return own
                ? Optional.empty()
                : Optional.of(new ChainCheck.Fault(
                        Defect.FALSE_NAME,
                        "line " + key.seq() + " of trail " + key.trail(),
                        "line " + line.seq() + " of "
                                + line.trail().map(trail -> "trail " + trail).orElse("a trail of version 1")));
    }

    static ArchivedCheckpoint unread(SegmentSource source, ArchiveKey key, TrailException trouble) {
        return new ArchivedCheckpoint(
                source.name(), key.trail(), key.seq(), "", Optional.empty(), Optional.of(trouble));
    }

    /** Whether it can be evidence. */
    boolean isSound() {
        return fault.isEmpty() && trouble.isEmpty();
    }

    ArchivedCheckpoint with(Optional<ChainCheck.Fault> other) {
        return new ArchivedCheckpoint(name, trail, seq, line, other, trouble);
    }

    /** When it was written. */
    String time() {
        return parsed().time();
    }

    TrailLine.SignedPart signedPart() {
        return parsed().checkpoint().orElseThrow();
    }

    private TrailLine parsed() {
        TrailLine parsed = new TrailLine();
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        if (!parsed.read(bytes, 0, bytes.length)) {
            throw new IllegalStateException("a checkpoint without a fault is a line");
        }
        return parsed;
    }
}
