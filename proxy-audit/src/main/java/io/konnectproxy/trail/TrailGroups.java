package io.konnectproxy.trail;

import io.konnectproxy.trail.SegmentSearch.Candidate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which file is of which trail. The lines of version 1 have no name of a trail: files that begin with them are of one trail
 * if they are in one directory, and of the one there that goes on from them.
 */
final class TrailGroups {
    private final Set<Path> named;
    private final List<Segments.PassedOver> passedOver;
    private final Map<String, TrailGroup> byId = new LinkedHashMap<>();
    private final List<TrailGroup> unnamed = new ArrayList<>();

    private TrailGroups(Set<Path> named, List<Segments.PassedOver> passedOver) {
        this.named = named;
        this.passedOver = passedOver;
    }

    /**
     * The groups.
     *
     * @param named files that were named one by one, which are taken as those of a directory
     * @param passedOver is given what can be told to be of none
     * @throws TrailException if a file cannot be read
     */
    static List<TrailGroup> of(List<Candidate> files, Set<Path> named, List<Segments.PassedOver> passedOver)
            throws TrailException {
        TrailGroups groups = new TrailGroups(named, passedOver);
        Map<Optional<Path>, List<Candidate>> version1 = new LinkedHashMap<>();
        List<Candidate> begun = new ArrayList<>();
        for (Candidate file : files) {
            if (file.seq() == Segment.LAST) {
                begun.add(file);
            } else if (file.head().trail().isPresent()) {
                groups.of(file.head().trail().get()).files().add(file);
            } else {
                version1.computeIfAbsent(groups.place(file), any -> new ArrayList<>())
                        .add(file);
            }
        }
        for (Map.Entry<Optional<Path>, List<Candidate>> place : version1.entrySet()) {
            groups.addVersion1(place.getKey(), new TrailGroup(Optional.empty(), place.getValue()));
        }
        begun.forEach(groups::addBegun);
        List<TrailGroup> all = new ArrayList<>(groups.byId.values());
        all.addAll(groups.unnamed);
        return all;
    }

    private TrailGroup of(String id) {
        return byId.computeIfAbsent(id, same -> new TrailGroup(Optional.of(same), new ArrayList<>()));
    }

    /** The directory; empty for all files that were named. */
    private Optional<Path> place(Candidate file) {
        return named.contains(file.file())
                ? Optional.empty()
                : Optional.ofNullable(file.file().getParent());
    }

    private List<TrailGroup> in(Optional<Path> place, Iterable<TrailGroup> groups) {
        List<TrailGroup> found = new ArrayList<>();
        for (TrailGroup group : groups) {
            if (group.files().stream().anyMatch(file -> place(file).equals(place))) {
                found.add(group);
            }
        }
        return found;
    }

    private void addVersion1(Optional<Path> place, TrailGroup group) throws TrailException {
        List<TrailGroup> later = in(place, byId.values()).stream()
                .filter(trail -> trail.oldest().seq() > group.newest().seq())
                .toList();
        if (later.size() == 1) {
            // Whether it really goes on from there is for the check.
            later.get(0).files().addAll(group.files());
            return;
        }
        Link end = end(group.newest());
        Optional<TrailGroup> goesOn = end.trail()
                .map(this::of)
                .or(() -> later.stream()
                        .filter(trail -> trail.oldest().seq() == end.seq() + 1
                                && trail.oldest().head().before().equals(end.hash()))
                        .findFirst());
        goesOn.ifPresentOrElse(trail -> trail.files().addAll(group.files()), () -> unnamed.add(group));
    }

    private static Link end(Candidate file) throws TrailException {
        try {
            return TrailEnd.of(file.file()).last();
        } catch (IOException e) {
            throw FileWords.unreadable(file.file(), e);
        }
    }

    /** A file that ends in its first line belongs to the trail beside it. */
    private void addBegun(Candidate file) {
        List<TrailGroup> beside = new ArrayList<>(in(place(file), byId.values()));
        beside.addAll(in(place(file), unnamed));
        if (beside.size() == 1) {
            beside.get(0).files().add(file);
        } else if (beside.isEmpty()) {
            unnamed.add(new TrailGroup(Optional.empty(), new ArrayList<>(List.of(file))));
        } else {
            passedOver.add(new Segments.PassedOver(
                    file.file().toString(),
                    "it has the beginning of a line, and nothing says of which trail",
                    Segments.PassedOver.Kind.FOREIGN));
        }
    }
}
