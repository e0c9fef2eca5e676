package io.konnectproxy.trail;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Detects gzip by the first bytes of a file, because file names are not reliable. */
final class Compression {
    private static final int GZIP = 0x1f8b;
    private static final int BLOCK = 64 * 1024;

    private Compression() {}

    static boolean of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return magic(in) == GZIP;
        }
    }

    /** The uncompressed content of a file. */
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
