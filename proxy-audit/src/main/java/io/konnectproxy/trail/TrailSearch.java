package io.konnectproxy.trail;

import io.konnectproxy.archive.ArchiveKey;
import io.konnectproxy.trail.Segments.PassedOver.Kind;
import io.konnectproxy.trail.event.Printable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the trails in some places. For one use; not thread-safe. */
final class TrailSearch {
    /** An archive has two levels, and whoever collects several has a few more. */
    private static final int DEEPEST = 16;

    private static final String LINK = "it is a link to a directory, which is not followed, because it may lead back";

    /** Where there is no trail at all. */
    private static final int NAMED = 3;

    private final SegmentSearch files = new SegmentSearch();
    private final List<Segments.PassedOver> passedOver = new ArrayList<>();
    private final Set<Path> named = new HashSet<>();
    private final List<Path> checkpointDirectories = new ArrayList<>();
    private final Map<String, TrailParts> byId = new LinkedHashMap<>();
    private final List<TrailParts> unnamed = new ArrayList<>();

    Trails in(List<TrailPlace> places) throws TrailException {
        try {
            return found(places);
        } catch (TrailException e) {
            files.close();
            throw e;
        }
    }

    private Trails found(List<TrailPlace> places) throws TrailException {
        for (TrailPlace place : places) {
            if (place instanceof TrailPlace.Local local) {
                search(local.path());
            }
        }
        for (TrailGroup group : TrailGroups.of(files.kept(passedOver), named, passedOver)) {
            of(group.id()).add(group);
        }
        for (TrailPlace place : places) {
            if (place instanceof TrailPlace.InBucket bucket) {
                search(bucket);
            }
        }
        for (Path directory : checkpointDirectories) {
            searchCheckpoints(directory);
        }
        List<Trail> trails = new ArrayList<>();
        for (TrailParts parts : all()) {
            if (!parts.isEmpty()) {
                trails.add(parts.trail(passedOver));
            }
        }
        if (trails.isEmpty()) {
            throw nothing(places);
        }
        return new Trails(trails, passedOver);
    }

    private List<TrailParts> all() {
        List<TrailParts> all = new ArrayList<>(byId.values());
        all.addAll(unnamed);
        return all;
    }

    private TrailParts of(Optional<String> id) {
        if (id.isPresent()) {
            return byId.computeIfAbsent(id.get(), same -> new TrailParts(id));
        }
        TrailParts another = new TrailParts(id);
        unnamed.add(another);
        return another;
    }

    /** It says why, where a place that was passed over may have lines. */
    private TrailException nothing(List<TrailPlace> places) {
        List<String> names =
                places.stream().map(place -> Printable.of(place.name())).toList();
        StringBuilder sentence =
                new StringBuilder("There is no line of an audit trail in " + String.join(", ", names) + ".");
        passedOver.stream()
                .filter(place -> place.why().equals(SegmentSearch.CR_LF)
                        || (place.kind() == Kind.UNREAD && !place.why().startsWith(SegmentSearch.NO_LINE)))
                .limit(NAMED)
                .forEach(place -> sentence.append(' ').append(place.sentence()));
        return new TrailException(sentence.toString());
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
            if (Files.isSymbolicLink(below)) {
                passedOver.add(new Segments.PassedOver(below.toString(), LINK, Kind.FOREIGN));
            } else if (!trouble.isEmpty()) {
                passedOver.add(new Segments.PassedOver(below.toString(), trouble, Kind.UNREAD));
            } else if (below.endsWith(ArchivePath.CHECKPOINTS)) {
                checkpointDirectories.add(below);
            } else {
                searchDirectory(below, depth + 1);
            }
        }
    }

    /** Links among them. */
    private static List<Path> directoriesIn(Path directory) throws TrailException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isDirectory).sorted().toList();
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

    private void search(TrailPlace.InBucket place) throws TrailException {
        BucketSearch search = new BucketSearch(place);
        for (BucketSearch.Listed trail : search.list()) {
            for (StoredFile file : trail.files()) {
                of(Optional.of(file.key().trail())).add(file);
            }
            trail.checkpoints().all().forEach(this::add);
        }
        passedOver.addAll(search.passedOver());
    }

    private void add(CheckpointSource checkpoint) {
        of(Optional.of(checkpoint.key().trail())).add(checkpoint);
    }

    /** A copy of an archive has the newest checkpoints there, from the beginning of the last file of the trail on. */
    private void searchCheckpoints(Path directory) throws TrailException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path file : all) {
                Optional<ArchiveKey> key =
                        ArchivePath.parse(file.toAbsolutePath().normalize().toString());
                if (key.isEmpty() || !Files.isRegularFile(file)) {
                    passedOver.add(new Segments.PassedOver(
                            file.toString(), "it is no checkpoint of an archive", Kind.FOREIGN));
                } else if (key.get().seq() >= of(Optional.of(key.get().trail())).lastFile()) {
                    add(new CheckpointSource(new LocalFile(file), key.get()));
                }
            }
        } catch (IOException e) {
            throw FileWords.unreadable(directory, e);
        }
    }
}
