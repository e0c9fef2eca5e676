package io.konnectproxy.trail;

import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what there is of a trail, from whatever places. Not thread-safe. */
final class TrailParts {
    private static final Comparator<Segment> ORDER =
            Comparator.comparingLong(Segment::firstSeq).thenComparing(Segment::name);

    private final Optional<String> id;
    private final List<Segment> files = new ArrayList<>();
    private final Map<Segment, SeekableByteChannel> opened = new HashMap<>();
    private final NewestCheckpoints checkpoints = new NewestCheckpoints();
    private boolean hasCheckpoint;
    private Optional<String> instanceByKey = Optional.empty();
    private long instanceSeq = -1;

    TrailParts(Optional<String> id) {
        this.id = id;
    }

    void add(TrailGroup group) {
        group.files().forEach(file -> {
            Segment segment = new Segment(file.source(), file.seq());
            files.add(segment);
            if (file.channel() != null) {
                opened.put(segment, file.channel());
            }
        });
    }

    void add(StoredFile object) {
        files.add(new Segment(object, object.key().seq()));
        byKey(object.key().instance(), object.key().seq());
    }

    void add(CheckpointSource checkpoint) {
        byKey(checkpoint.key().instance(), checkpoint.key().seq());
        checkpoints.add(checkpoint);
        hasCheckpoint = true;
    }

    /** The newest key says who writes the trail. */
    private void byKey(String instance, long seq) {
        if (seq > instanceSeq) {
            instanceSeq = seq;
            instanceByKey = Optional.of(instance);
        }
    }

    boolean isEmpty() {
        return files.isEmpty() && !hasCheckpoint;
    }

    long lastFile() {
        return files.stream()
                .mapToLong(Segment::firstSeq)
                .filter(seq -> seq != Segment.LAST)
                .max()
                .orElse(0);
    }

    /**
     * The trail. A file that several places have is read once.
     *
     * @param passedOver is given the copies
     * @throws TrailException if a file cannot be read
     */
    Trail trail(List<Segments.PassedOver> passedOver) throws TrailException {
        files.sort(ORDER);
        List<Segment> kept = new ArrayList<>();
        for (Segment file : files) {
            Segment last = kept.isEmpty() ? null : kept.get(kept.size() - 1);
            boolean twin = last != null && last.firstSeq() == file.firstSeq() && file.firstSeq() != Segment.LAST;
            SameLines same = twin ? SameLines.in(last.source(), file.source()) : SameLines.DIFFERENT;
            if (same == SameLines.DIFFERENT) {
                kept.add(file);
                continue;
            }
            boolean longer = same == SameLines.SECOND_GOES_ON;
            Segment copy = longer ? last : file;
            Segment original = longer ? file : last;
            kept.set(kept.size() - 1, original);
            passedOver.add(same.passedOver(copy.name(), original.name()));
            Optional.ofNullable(opened.remove(copy)).ifPresent(SegmentSearch::close);
        }
        Optional<Segment> newest = kept.stream()
                .filter(file -> file.firstSeq() != Segment.LAST)
                .reduce((one, later) -> later)
                .or(() -> kept.stream().findFirst());
        Optional<FileHead> oldest = kept.isEmpty() ? Optional.empty() : Optional.of(head(kept.get(0)));
        Optional<String> instance = newest.isPresent() && instanceByKey.isEmpty()
                ? head(newest.get()).instance()
                : Optional.empty();
        return new Trail(
                id,
                instanceByKey.or(() -> instance),
                oldest.map(FileHead::time).orElse(""),
                new Segments(kept, List.of(), opened),
                checkpoints.all());
    }

    private FileHead head(Segment file) {
        SeekableByteChannel channel = opened.get(file);
        return channel == null ? FileHead.of(file) : FileHead.of(channel);
    }
}
