package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.journal.Journal.Waiting;
import io.konnectproxy.trail.LineForm;
import io.konnectproxy.trail.LineHash;
import io.konnectproxy.trail.Link;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The lines that are written at once, each bound to the one before it. One thread. */
final class Batch {
    private final LineBuffer bytes = new LineBuffer();
    private final List<Span> lines = new ArrayList<>();
    private final LineHash hash = new LineHash();
    /** Of the last line that is in the trail. */
    private Link kept;
    /** Of the last line here. */
    private Link last;

    /**
     * One line.
     *
     * @param start where it begins among the batch's bytes
     * @param end behind its line feed
     */
    record Span(Waiting waiting, int start, int end, Link link) {}

    /** @param link of the last line in the trail */
    Batch(Link link) {
        this.kept = link;
        this.last = link;
    }

    /** Begins a new one. */
    void clear() {
        lines.clear();
        bytes.cut(0);
        last = kept;
    }

    /** Adds the line of a record. Where it throws nothing is added. */
    void add(Waiting waiting, AuditRecord record) {
        int start = bytes.size();
        try {
            AuditLine.append(last.seq() + 1, record, bytes);
        } catch (RuntimeException | Error e) {
            bytes.cut(start);
            throw e;
        }
        bind();
        seal(waiting, start);
    }

    /** Adds a checkpoint, which proves every line before it to those who have the public key. */
    void add(Waiting waiting, AuditRecord.Checkpoint checkpoint, Checkpoints checkpoints) {
        int start = bytes.size();
        AuditLine.append(last.seq() + 1, checkpoint, bytes);
        bind();
        String signature = checkpoints.sign(bytes.copy(start));
        bytes.write(LineForm.SIGNATURE);
        bytes.write(signature);
        bytes.write('"');
        seal(waiting, start);
    }

    /** Opens the object again and names the line before. */
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
        last = new Link(last.seq() + 1, own);
        lines.add(new Span(waiting, start, bytes.size(), last));
    }

    /** The first bytes of the batch are in the trail now. The next batch goes on from there. */
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

    /** What the next line of the trail is bound to. */
    Link link() {
        return kept;
    }
}
