package io.konnectproxy.trail;

import java.io.Closeable;
import java.util.Comparator;
import java.util.List;

/** All trails in some places. Their files are held open, as those of {@link Segments} are. */
public final class Trails implements Closeable {
    private static final Comparator<Trail> ORDER = Comparator.comparing(
                    (Trail trail) -> trail.instance().orElse(""))
            .thenComparing(Trail::firstTime)
            .thenComparing(trail -> trail.id().orElse(""));

    private final List<Trail> all;
    private final List<Segments.PassedOver> passedOver;

    Trails(List<Trail> all, List<Segments.PassedOver> passedOver) {
        this.all = all.stream().sorted(ORDER).toList();
        this.passedOver = passedOver.stream()
                .sorted(Comparator.comparing(Segments.PassedOver::name))
                .toList();
    }

    /**
     * Finds the trails in some places.
     *
     * @throws TrailException if one of them cannot be read, or there is no line of a trail in any
     */
    public static Trails of(List<TrailPlace> places) throws TrailException {
        return new TrailSearch().in(places);
    }

    /** By instance, then by their first times. */
    public List<Trail> all() {
        return all;
    }

    /** Files that are part of no trail, and directories that were not searched. */
    public List<Segments.PassedOver> passedOver() {
        return passedOver;
    }

    /** Those of that kind. */
    public List<Segments.PassedOver> passedOver(Segments.PassedOver.Kind kind) {
        return passedOver.stream().filter(place -> place.kind() == kind).toList();
    }

    @Override
    public void close() {
        all.forEach(Trail::close);
    }
}
