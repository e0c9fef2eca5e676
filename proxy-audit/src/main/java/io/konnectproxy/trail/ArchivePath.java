package io.konnectproxy.trail;

import io.konnectproxy.archive.ArchiveKey;
import java.util.Optional;

/** Reads the key of an archive from the end of a longer name: the key of an object, or the path of a copy of it. */
final class ArchivePath {
    /** Below this name an archive has checkpoints. */
    static final String CHECKPOINTS = "checkpoints";

    private ArchivePath() {}

    static Optional<ArchiveKey> parse(String name) {
        int parts = name.contains("/" + CHECKPOINTS + "/") ? 4 : 3;
        int from = name.length();
        for (int part = 0; part < parts && from >= 0; part++) {
            from = name.lastIndexOf('/', from - 1);
        }
        return ArchiveKey.parse(name.substring(from + 1));
    }
}
