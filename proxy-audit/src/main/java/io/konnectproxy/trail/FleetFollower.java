package io.konnectproxy.trail;

import io.konnectproxy.trail.event.Printable;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads the lines of several trails as they come: of each local trail its current file, of an archive the files that are finished. What
 * there is at a time comes in the order of its times. Not thread-safe.
 */
public final class FleetFollower implements Closeable {
    /** Between two listings of an archive. A file is finished once a day, or when it is full. */
    static final Duration LISTING = Duration.ofSeconds(10);

    private final Consumer<String> notices;
    private final Duration listing;
    private final List<FollowedTrail> trails = new ArrayList<>();
    private final Map<String, FollowedFiles> archived = new LinkedHashMap<>();
    private final List<BucketSearch> buckets = new ArrayList<>();
    private final TrailLine line = new TrailLine();
    private final PriorityQueue<FleetLine> waiting = new PriorityQueue<>(Comparator.comparing(FleetLine::time));
    private long listAt;

    private FleetFollower(Consumer<String> notices, Duration listing) {
        this.notices = notices;
        this.listing = listing;
    }

    /**
     * A line.
     *
     * @param instance the proxy that wrote it, escaped
     * @param text without its line feed
     * @param time as in the line; empty if it is none of a trail
     */
    public record FleetLine(String instance, String text, String time, int trail) {}

    /**
     * Opens all trails so that a number of the last lines of each are read first.
     *
     * @param last the number of those lines, of the ones that are {@code wanted}
     * @param notices receives a sentence about what could not be shown
     * @throws TrailException if there is no trail, or a place cannot be read
     */
    public static FleetFollower open(
            List<TrailPlace> places, int last, Predicate<String> wanted, Consumer<String> notices)
            throws TrailException {
        return open(places, last, wanted, notices, LISTING);
    }

    /** With another time between two listings of an archive. */
    static FleetFollower open(
            List<TrailPlace> places, int last, Predicate<String> wanted, Consumer<String> notices, Duration listing)
            throws TrailException {
        FleetFollower follower = new FleetFollower(notices, listing);
        try {
            follower.begin(places, last, wanted);
            return follower;
        } catch (TrailException e) {
            follower.close();
            throw e;
        }
    }

    private void begin(List<TrailPlace> places, int last, Predicate<String> wanted) throws TrailException {
        List<TrailPlace> local =
                places.stream().filter(TrailPlace.Local.class::isInstance).toList();
        if (!local.isEmpty()) {
            try (Trails found = Trails.of(local)) {
                found.passedOver().forEach(this::tell);
                for (Trail trail : found.all()) {
                    follow(trail, last, wanted);
                }
            }
        }
        for (TrailPlace place : places) {
            if (place instanceof TrailPlace.InBucket bucket) {
                follow(new BucketSearch(bucket), last, wanted);
            }
        }
        listAt = System.nanoTime() + listing.toNanos();
        for (int i = 0; i < trails.size(); i++) {
            take(i);
        }
    }

    private void follow(Trail trail, int last, Predicate<String> wanted) throws TrailException {
        List<Segment> files = trail.segments().inOrder();
        if (files.isEmpty()) {
            return;
        }
        SegmentSource newest = files.get(files.size() - 1).source();
        String instance = trail.instance().orElse(trail.id().orElse("-"));
        if (newest instanceof LocalFile file && !CompressedName.isCompressed(file.path())) {
            trails.add(new FollowedFile(
                    Printable.of(instance), TrailFollower.open(file.path(), last, wanted, this::tell)));
        } else {
            FollowedFiles finished = new FollowedFiles(Printable.of(instance));
            finished.begin(newest, last, wanted);
            trails.add(finished);
        }
    }

    private void follow(BucketSearch search, int last, Predicate<String> wanted) throws TrailException {
        buckets.add(search);
        for (BucketSearch.Listed trail : search.list()) {
            if (!trail.files().isEmpty()) {
                StoredFile newest = trail.files().stream()
                        .max(Comparator.comparingLong(file -> file.key().seq()))
                        .orElseThrow();
                of(newest).begin(newest, last, wanted);
            }
        }
        search.passedOver().forEach(this::tell);
    }

    private FollowedFiles of(StoredFile file) {
        return archived.computeIfAbsent(file.key().trail(), any -> {
            FollowedFiles files = new FollowedFiles(Printable.of(file.key().instance()));
            trails.add(files);
            return files;
        });
    }

    private void tell(Segments.PassedOver place) {
        if (place.kind() != Segments.PassedOver.Kind.LEFTOVER) {
            tell(place.sentence());
        }
    }

    private void tell(String sentence) {
        notices.accept(sentence);
    }

    /** The instances that were found, for the width of a column. */
    public List<String> instances() {
        return trails.stream().map(FollowedTrail::instance).toList();
    }

    /** The next line; empty if there is none now. */
    public Optional<FleetLine> next() {
        look();
        Optional<FleetLine> next = Optional.ofNullable(waiting.poll());
        next.ifPresent(shown -> take(shown.trail()));
        return next;
    }

    /** Asks each trail of which no line waits. */
    private void look() {
        if (!buckets.isEmpty() && System.nanoTime() - listAt >= 0) {
            list();
            listAt = System.nanoTime() + listing.toNanos();
        }
        boolean[] waits = new boolean[trails.size()];
        waiting.forEach(each -> waits[each.trail()] = true);
        for (int i = 0; i < waits.length; i++) {
            if (!waits[i]) {
                take(i);
            }
        }
    }

    private void list() {
        for (BucketSearch bucket : buckets) {
            try {
                bucket.more().forEach(file -> of(file).add(file));
            } catch (TrailException e) {
                tell(String.valueOf(e.getMessage()));
            }
        }
    }

    private void take(int trail) {
        try {
            trails.get(trail).next().ifPresent(text -> {
                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                String time = line.read(bytes, 0, bytes.length) ? line.time() : "";
                waiting.add(new FleetLine(trails.get(trail).instance(), text, time, trail));
            });
        } catch (TrailException e) {
            tell(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        trails.forEach(FollowedTrail::close);
    }
}
