package io.konnectproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The input is what a client sends behind its ClientHello. */
public final class RecordSkipperFuzz {
    private RecordSkipperFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        int skipped = RecordSkipperTest.skip(0, input, List.of());

        assertThat(RecordSkipperTest.skip(0, input, Cuts.everywhere(input)))
                .as("byte by byte")
                .isEqualTo(skipped);
        assertThat(RecordSkipperTest.skip(0, input, Cuts.of(input))).as("cut").isEqualTo(skipped);
        assertThat(skipped).as("as the model reads it").isEqualTo(model(input));
    }

    private static int model(byte[] input) {
        int at = 0;
        while (at < input.length && input[at] != 22) {
            int length = at + 5 > input.length ? 0 : (input[at + 3] & 0xff) * 256 + (input[at + 4] & 0xff);
            if (input[at] < 20 || input[at] > 23 || length > 16640) {
                return input.length;
            }
            at += 5 + length;
        }
        return Math.min(at, input.length);
    }
}
