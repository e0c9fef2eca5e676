package io.konnectproxy.trail;

import io.konnectproxy.trail.event.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.zip.ZipException;

/** What two files have in common that begin with the same line, compressed or not. */
enum SameLines {
    ALL,
    /** One is the beginning of the other, which is longer. */
    FIRST_GOES_ON,
    SECOND_GOES_ON,
    DIFFERENT;

    private static final int BLOCK = 64 * 1024;

    /** The sentence about a copy, or about the beginning of a file. */
    Segments.PassedOver passedOver(String copy, String original) {
        return new Segments.PassedOver(
                copy,
                (this == ALL ? "it is a copy of " : "it is the beginning of ") + Printable.of(original),
                Segments.PassedOver.Kind.LEFTOVER);
    }

    /** @throws TrailException if one cannot be read */
    static SameLines in(SegmentSource first, SegmentSource second) throws TrailException {
        try (InputStream one = Compression.plain(Channels.newInputStream(first.open()));
                InputStream other = Compression.plain(Channels.newInputStream(second.open()))) {
            return compared(one, other);
        } catch (EOFException | ZipException e) {
            // A copy that is damaged is none.
            return DIFFERENT;
        } catch (IOException e) {
            throw FileWords.unreadable(second.name(), e);
        }
    }

    private static SameLines compared(InputStream one, InputStream other) throws IOException {
        byte[] left = new byte[BLOCK];
        byte[] right = new byte[BLOCK];
        while (true) {
            int ofOne = one.readNBytes(left, 0, BLOCK);
            int ofOther = other.readNBytes(right, 0, BLOCK);
            int both = Math.min(ofOne, ofOther);
            if (!Arrays.equals(left, 0, both, right, 0, both)) {
                return DIFFERENT;
            }
            if (ofOne != ofOther) {
                return ofOne > ofOther ? FIRST_GOES_ON : SECOND_GOES_ON;
            }
            if (both < BLOCK) {
                return ALL;
            }
        }
    }
}
