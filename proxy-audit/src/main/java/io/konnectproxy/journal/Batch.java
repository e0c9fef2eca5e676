package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.journal.Journal.Waiting;
import io.konnectproxy.trail.LineForm;
import io.konnectproxy.trail.LineHash;
import io.konnectproxy.trail.Link;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The lines of one write, each chained to the one before it. Not thread-safe. */
final class Batch {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String trail;
    private final LineBuffer bytes = new LineBuffer();
    private final List<Span> lines = new ArrayList<>();
    private final LineHash hash = new LineHash();
    /** The last line that is in the trail. */
    private Link kept;
    /** The last line of this batch. */
    private Link last;

    /**
     * One line.
     *
     * @param start the offset of its first byte in the batch
     * @param end the offset after its line feed
     */
    record Span(Waiting waiting, int start, int end, Link link) {}

    /**
     * @param link the last line in the trail
     */
    Batch(Link link) {
        this.kept = link;
        this.last = link;
        this.trail = link.trail().orElseGet(Batch::newTrail);
    }

    /** A name for a trail that has none: one that begins, or one of version 1. */
    private static String newTrail() {
        byte[] bytes = new byte[LineForm.TRAIL_LENGTH / 2];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Empties the batch. */
    void clear() {
        lines.clear();
        bytes.cut(0);
        last = kept;
    }

    /** Adds the line of a record. If it throws, nothing is added. */
    void add(Waiting waiting, AuditRecord record) {
        int start = bytes.size();
        try {
            AuditLine.append(trail, last.seq() + 1, record, bytes);
        } catch (RuntimeException | Error e) {
            bytes.cut(start);
            throw e;
        }
        bind();
        seal(waiting, start);
    }

    /** Adds a checkpoint, whose signature covers every line before it through the hash chain. */
    void add(Waiting waiting, AuditRecord.Checkpoint checkpoint, Checkpoints checkpoints) {
        int start = bytes.size();
        AuditLine.append(trail, last.seq() + 1, checkpoint, bytes);
        bind();
        String signature = checkpoints.sign(bytes.copy(start));
        bytes.write(LineForm.SIGNATURE);
        bytes.write(signature);
        bytes.write('"');
        seal(waiting, start);
    }

    /** Removes the closing brace of the object, and adds the hash of the previous line. */
    private void bind() {
        bytes.cut(bytes.size() - 1);
        bytes.write(LineForm.PREV);
        bytes.write(last.hash());
        bytes.write('"');
    }

    private void seal(Waiting waiting, int start) {
        String own = bytes.hash(hash, start);
        bytes.write(LineForm.HASH);
        bytes.write(own);
        bytes.write(LineForm.END);
        bytes.write('\n');
        last = new Link(last.seq() + 1, own, Optional.of(trail));
        lines.add(new Span(waiting, start, bytes.size(), last));
    }

    /**
     * This many first bytes of the batch are in the trail now. The next batch is chained to the last of their lines.
     */
    void kept(int length) {
        for (Span line : lines) {
            if (line.end() <= length) {
                kept = line.link();
            }
        }
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    int size() {
        return lines.size();
    }

    List<Span> lines() {
        return lines;
    }

    ByteBuffer content() {
        return bytes.content();
    }

    /** A line as text, without its line feed. */
    String text(Span line) {
        return bytes.text(line.start(), line.end() - 1);
    }

    /** The line that the next line of the trail is chained to. */
    Link link() {
        return kept;
    }
}
