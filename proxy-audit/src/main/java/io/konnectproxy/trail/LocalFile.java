package io.konnectproxy.trail;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A segment on a disk of this machine. */
record LocalFile(Path path) implements SegmentSource {
    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public long size() {
        return path.toFile().length();
    }

    @Override
    public boolean isAt(Path file) throws IOException {
        return Files.isSameFile(path, file);
    }

    @Override
    public SeekableByteChannel open() throws IOException {
        return Files.newByteChannel(path);
    }
}
