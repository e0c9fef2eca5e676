package io.konnectproxy.trail;

import java.nio.file.Path;

/** A place that is searched for trails. */
public sealed interface TrailPlace {
    /** A file of a trail, or a directory, which is searched with its subdirectories. */
    static TrailPlace of(Path path) {
        return new Local(path);
    }

    /** For people; not escaped. */
    String name();

    /** A file or a directory. */
    record Local(Path path) implements TrailPlace {
        @Override
        public String name() {
            return path.toString();
        }
    }
}
