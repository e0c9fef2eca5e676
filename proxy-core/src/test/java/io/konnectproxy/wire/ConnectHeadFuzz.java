package io.konnectproxy.wire;

import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.TOO_LARGE;
import static io.konnectproxy.wire.HeadReading.NeedMore.NEED_MORE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.target.Authority;
import io.konnectproxy.wire.HeadReading.ConnectHead;
import io.konnectproxy.wire.HeadReading.HeadFault;
import java.util.Arrays;

/** The input is what a client sends first. */
public final class ConnectHeadFuzz {
    private static final int LOW_LIMIT = 160;

    private ConnectHeadFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        HeadRun run = HeadRun.whole(input, HeadRun.LIMIT);

        assertThat(HeadRun.pieces(input, 1, HeadRun.LIMIT)).as("byte by byte").isEqualTo(run);
        assertThat(HeadRun.cut(input, HeadRun.LIMIT, Cuts.of(input))).as("cut").isEqualTo(run);
        assertThat(run.asked()).hasSizeLessThanOrEqualTo(600).doesNotContain("\r", "\n");
        theLimitIsTheOnlyDifference(input, run);
        theModelAgrees(input, run);
        if (run.reading() instanceof ConnectHead head) {
            accepted(Arrays.copyOf(input, run.consumed()), head);
        } else if (run.reading() instanceof HeadFault fault) {
            assertThat(fault.problem()).matches("[A-Z][ -~]+\\.");
            assertThat(HeadRun.whole(Arrays.copyOf(input, run.consumed() - 1), HeadRun.LIMIT)
                            .reading())
                    .as("told with the byte that decides")
                    .isEqualTo(NEED_MORE);
        } else {
            assertThat(run.consumed()).isEqualTo(input.length);
        }
    }

    /** A reader that may hold less gives the same, or stops at the first byte too many. */
    private static void theLimitIsTheOnlyDifference(byte[] input, HeadRun run) {
        HeadRun limited = HeadRun.whole(input, LOW_LIMIT);
        if (run.consumed() <= LOW_LIMIT) {
            assertThat(limited).as("under a lower limit").isEqualTo(run);
        } else {
            assertThat(limited.consumed()).isEqualTo(LOW_LIMIT + 1);
            assertThat(limited.reading())
                    .isInstanceOfSatisfying(
                            HeadFault.class, fault -> assertThat(fault.kind()).isEqualTo(TOO_LARGE));
        }
    }

    private static void theModelAgrees(byte[] input, HeadRun run) {
        int length = HeadModel.length(new String(input, ISO_8859_1), HeadRun.LIMIT);
        assertThat(run.reading() instanceof ConnectHead ? run.consumed() : 0)
                .as("bytes of the head, as the model reads it")
                .isEqualTo(length);
    }

    private static void accepted(byte[] bytes, ConnectHead head) {
        assertThat(HeadModel.isPlain(bytes)).as("printable bytes only").isTrue();
        assertThat(HeadModel.target(new String(bytes, ISO_8859_1))).contains(head.target());
        if (head.target() instanceof Authority) {
            byte[] canonical = HeadModel.canonical(head.target());
            assertThat(HeadRun.whole(canonical, HeadRun.LIMIT))
                    .isEqualTo(new HeadRun(head, canonical.length, head.target().toString()));
        }
    }
}
