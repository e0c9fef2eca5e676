package io.konnectproxy.trail;

import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.ObjectReader;
import java.nio.file.Path;

/** A place that is searched for trails. */
public sealed interface TrailPlace {
    /** A file of a trail, or a directory, which is searched with its subdirectories. */
    static TrailPlace of(Path path) {
        return new Local(path);
    }

    /**
     * A bucket, or the part of one below a prefix.
     *
     * @param objects of that bucket; is closed by whoever opened it, after the trails
     */
    static TrailPlace of(BucketUrl url, ObjectReader objects) {
        return new InBucket(url, objects);
    }

    /** For people; not escaped. */
    String name();

    /** A bucket, or the part of one below a prefix. */
    record InBucket(BucketUrl url, ObjectReader objects) implements TrailPlace {
        @Override
        public String name() {
            return url.toString();
        }
    }

    /** A file or a directory. */
    record Local(Path path) implements TrailPlace {
        @Override
        public String name() {
            return path.toString();
        }
    }
}
