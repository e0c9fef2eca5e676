package io.konnectproxy.trail.event;

import java.util.Locale;

/** How numbers of bytes are written for people. */
public final class ByteCount {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private ByteCount() {}

    /** Three digits and a decimal unit: {@code 0 B}, {@code 1.23 GB}, {@code 456 kB}. */
    public static String text(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double scaled = bytes;
        int unit = 0;
        // 999.5 would be written as 1000.
        while (scaled >= 999.5) {
            scaled /= 1000;
            unit++;
        }
        int decimals = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", scaled, UNITS[unit]);
    }
}
