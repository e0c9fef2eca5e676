package io.konnectproxy.trail;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Whether a file is compressed is told by its first bytes: names are only what somebody gave it. */
final class Compression {
    private static final int GZIP = 0x1f8b;
    private static final int BLOCK = 64 * 1024;

    private Compression() {}

    static boolean of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return magic(in) == GZIP;
        }
    }

    /** What the file says, compressed or not. */
    static InputStream plain(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 2);
        try {
            buffered.mark(2);
            int magic = magic(buffered);
            buffered.reset();
            return magic == GZIP ? new GZIPInputStream(buffered, BLOCK) : buffered;
        } catch (IOException e) {
            buffered.close();
            throw e;
        }
    }

    private static int magic(InputStream in) throws IOException {
        return in.read() << 8 | in.read();
    }
}
