package io.konnectproxy.trail;

import io.konnectproxy.archive.ArchiveKey;
import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.ObjectReader;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.archive.StoredObject;
import io.konnectproxy.trail.event.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the objects of an archive: all files of a trail, and its checkpoints from the beginning of its last file on. For one use; not
 * thread-safe.
 */
final class BucketSearch {
    /** A proxy that archives meanwhile may have put a file before one that was listed. */
    private static final int MOST_LISTINGS = 5;

    private static final int NAMED = 20;

    private final BucketUrl url;
    private final ObjectReader store;
    private final Map<String, Listed> trails = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> foreign = new HashSet<>();
    private long moreForeign;

    BucketSearch(TrailPlace.InBucket place) {
        this.url = place.url();
        this.store = place.objects();
    }

    /**
     * The objects of a trail.
     *
     * @param checkpoints the newest ones
     */
    record Listed(List<StoredFile> files, NewestCheckpoints checkpoints) {
        Listed() {
            this(new ArrayList<>(), new NewestCheckpoints());
        }

        private void add(StoredFile object) {
            if (object.key().kind().isFile()) {
                files.add(object);
                return;
            }
            checkpoints.add(new CheckpointSource(object, object.key()));
        }

        private long lastFile() {
            return files.stream().mapToLong(file -> file.key().seq()).max().orElse(0);
        }
    }

    /**
     * Lists until nothing is new.
     *
     * @throws TrailException if the store does not answer, or refuses
     */
    Collection<Listed> list() throws TrailException {
        try {
            for (int listing = 0; listing < MOST_LISTINGS && listOnce(); listing++) {
                moreForeign = 0;
            }
            return trails.values();
        } catch (StoreException e) {
            throw unlisted(e);
        }
    }

    private TrailException unlisted(StoreException problem) {
        return new TrailException(Printable.of(url.toString()) + " cannot be listed: "
                + Printable.of(String.valueOf(problem.getMessage())) + ".");
    }

    /**
     * Lists once.
     *
     * @return the files that were not there before, in the order of their keys
     * @throws TrailException if the store does not answer, or refuses
     */
    List<StoredFile> more() throws TrailException {
        Set<String> before = new HashSet<>(known);
        try {
            listOnce();
        } catch (StoreException e) {
            throw unlisted(e);
        }
        return trails.values().stream()
                .flatMap(trail -> trail.files().stream())
                .filter(file -> !before.contains(file.object().key()))
                .toList();
    }

    /** Returns whether there was a file that was not there before. */
    private boolean listOnce() throws StoreException {
        String prefix = url.prefix().isEmpty() ? "" : url.prefix() + "/";
        String after = "";
        boolean more = false;
        for (List<StoredObject> page = store.list(prefix, after); !page.isEmpty(); page = store.list(prefix, after)) {
            for (StoredObject object : page) {
                requireAfter(after, object.key());
                after = object.key();
                Optional<StoredFile> stored = stored(object);
                if (stored.isEmpty()) {
                    passOver(object);
                    continue;
                }
                Optional<String> behind = skipped(stored.get());
                if (behind.isPresent()) {
                    after = behind.get();
                    break;
                }
                more |= add(stored.get());
            }
        }
        return more;
    }

    /** A store that repeats itself would never end, and one that knows no order would skip what is to be read. */
    private static void requireAfter(String before, String key) throws StoreException {
        boolean follows =
                Arrays.compareUnsigned(before.getBytes(StandardCharsets.UTF_8), key.getBytes(StandardCharsets.UTF_8))
                        < 0;
        if (!follows) {
            throw new StoreException(
                    StoreException.Kind.TROUBLE,
                    "the store lists " + key + " behind " + before + ", which is not in the order of keys");
        }
    }

    private boolean add(StoredFile object) {
        if (!known.add(object.object().key())) {
            return false;
        }
        trails.computeIfAbsent(object.key().trail(), any -> new Listed()).add(object);
        return object.key().kind().isFile();
    }

    /** The key behind which a trail's checkpoints are wanted, if this one is before that. They come after its files. */
    private Optional<String> skipped(StoredFile object) {
        Listed trail = trails.get(object.key().trail());
        long from = trail == null ? 0 : trail.lastFile();
        if (object.key().kind().isFile() || object.key().seq() >= from) {
            return Optional.empty();
        }
        ArchiveKey before =
                new ArchiveKey(object.key().instance(), object.key().trail(), ArchiveKey.Kind.CHECKPOINT, from - 1);
        String key = object.object().key();
        String top = key.substring(0, key.length() - object.key().toString().length());
        return Optional.of(top + before);
    }

    /** Reads the end of a key, since a prefix may be longer or shorter than the archive's. */
    private Optional<StoredFile> stored(StoredObject object) {
        return ArchivePath.parse(object.key()).map(key -> new StoredFile(store, url, object, key));
    }

    private void passOver(StoredObject object) {
        if (foreign.size() < NAMED) {
            foreign.add(object.key());
        } else if (!foreign.contains(object.key())) {
            moreForeign++;
        }
    }

    /** Objects that are none of an archive: the first ones by name, the others by number. */
    List<Segments.PassedOver> passedOver() {
        List<Segments.PassedOver> all = new ArrayList<>();
        String bucket = BucketUrl.SCHEME + url.bucket() + "/";
        foreign.forEach(key -> all.add(new Segments.PassedOver(
                bucket + key, "it is no object of an archive", Segments.PassedOver.Kind.FOREIGN)));
        if (moreForeign > 0) {
            all.add(new Segments.PassedOver(
                    url.toString(),
                    String.format("%,d more objects are none of an archive", moreForeign),
                    Segments.PassedOver.Kind.FOREIGN));
        }
        return all;
    }
}
