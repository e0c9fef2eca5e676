package io.konnectproxy.server.differential;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** How a handshake message is put into TLS records (RFC 8446, section 5.1). */
final class Records {
    private static final int MOST = 32;

    int type = 22;
    int major = 3;
    int minor = 1;
    /** Of the records behind the first. */
    int laterType = 22;

    int laterMajor = 3;
    /** Where in the message another record begins; the same place twice makes an empty record. */
    List<Integer> cuts = List.of();
    /** Bytes that stand in the last record behind the message, and bytes that stand behind the records. */
    byte[] behindMessage = {};

    byte[] behind = {};

    /** Cuts into a few records, or into many; sometimes all of them at the very beginning. */
    void cut(int messageLength, RandomGenerator random) {
        int records = Drawn.oneOf(random, 2, 2, 2 + random.nextInt(5), 2 + random.nextInt(MOST));
        int reach = random.nextInt(3) == 0 ? Math.min(messageLength, records + 8) : messageLength;
        cuts = random.ints(1, reach)
                .limit(records - 1L)
                .distinct()
                .sorted()
                .boxed()
                .toList();
    }

    byte[] write(byte[] message, TlsWriter.Lengths lengths) {
        byte[] all = Bytes.concat(message, behindMessage);
        int[] ends = IntStream.concat(
                        cuts.stream().mapToInt(cut -> Math.min(cut, all.length)), IntStream.of(all.length))
                .toArray();
        TlsWriter out = new TlsWriter(lengths);
        int start = 0;
        for (int end : ends) {
            byte[] fragment = Arrays.copyOfRange(all, start, end);
            out.uint8(start == 0 ? type : laterType)
                    .uint8(start == 0 ? major : laterMajor)
                    .uint8(minor)
                    .vector16(content -> content.raw(fragment));
            start = end;
        }
        return out.raw(behind).bytes();
    }
}
