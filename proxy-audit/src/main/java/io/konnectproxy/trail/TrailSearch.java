package io.konnectproxy.trail;

import io.konnectproxy.trail.SegmentSearch.Candidate;
import io.konnectproxy.trail.event.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds the trails in some places. For one use; not thread-safe. */
final class TrailSearch {
    /** An archive has two levels, and whoever collects several has a few more. */
    private static final int DEEPEST = 16;

    private final SegmentSearch files = new SegmentSearch();
    private final List<Segments.PassedOver> passedOver = new ArrayList<>();
    private final Set<Path> named = new HashSet<>();

    Trails in(List<TrailPlace> places) throws TrailException {
        try {
            for (TrailPlace place : places) {
                search(((TrailPlace.Local) place).path());
            }
            List<Trail> trails = new ArrayList<>();
            for (TrailGroup group : TrailGroups.of(files.kept(passedOver), named, passedOver)) {
                trails.add(trail(group));
            }
            if (trails.isEmpty()) {
                throw nothing(places);
            }
            return new Trails(trails, passedOver);
        } catch (TrailException e) {
            files.close();
            throw e;
        }
    }

    private static TrailException nothing(List<TrailPlace> places) {
        List<String> names =
                places.stream().map(place -> Printable.of(place.name())).toList();
        return new TrailException("There is no line of an audit trail in " + String.join(", ", names) + ".");
    }

    private void search(Path place) throws TrailException {
        if (Files.isDirectory(place)) {
            searchDirectory(place, 0);
        } else {
            named.add(place);
            files.in(List.of(place));
        }
    }

    private void searchDirectory(Path directory, int depth) throws TrailException {
        files.in(List.of(directory));
        for (Path below : directoriesIn(directory)) {
            String trouble = depth == DEEPEST ? "it is a directory too deep" : unlisted(below);
            if (trouble.isEmpty()) {
                searchDirectory(below, depth + 1);
            } else {
                passedOver.add(new Segments.PassedOver(below.toString(), trouble));
            }
        }
    }

    /** A link to a directory is not followed, because it may lead back. */
    private static List<Path> directoriesIn(Path directory) throws TrailException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw FileWords.unreadable(directory, e);
        }
    }

    /** Why a directory cannot be read: a volume may have one that only the system can. Empty where it can be. */
    private static String unlisted(Path directory) {
        try (Stream<Path> any = Files.list(directory)) {
            return any.findFirst().map(first -> "").orElse("");
        } catch (IOException e) {
            return "it cannot be read: " + FileWords.reason(e);
        }
    }

    private static Trail trail(TrailGroup group) throws TrailException {
        NavigableMap<Long, String> none = new TreeMap<>();
        return new Trail(
                group.id(),
                instance(group),
                group.oldest().head().time(),
                SegmentSearch.segments(group.files(), new ArrayList<>()),
                none);
    }

    private static Optional<String> instance(TrailGroup group) throws TrailException {
        Candidate newest = group.newest();
        try {
            return newest.channel() == null
                    ? FileHead.instance(newest.source().open())
                    : FileHead.instance(newest.channel().position(0));
        } catch (IOException e) {
            throw FileWords.unreadable(newest.file(), e);
        }
    }
}
