package io.konnectproxy.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Where an input is cut into segments: chosen by the input itself, so that a seed is nothing but the bytes on the wire. */
final class Cuts {
    private Cuts() {}

    static List<Integer> of(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        SplittableRandom random = new SplittableRandom(sum.getValue());
        int longest = random.nextInt(1, 65);
        List<Integer> cuts = new ArrayList<>();
        for (int at = random.nextInt(longest + 1); at < bytes.length; at += random.nextInt(1, longest + 1)) {
            cuts.add(at);
        }
        return cuts;
    }
}
