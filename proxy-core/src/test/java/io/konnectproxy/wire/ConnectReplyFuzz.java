package io.konnectproxy.wire;

import static io.konnectproxy.wire.ReplyReading.Connected.CONNECTED;
import static io.konnectproxy.wire.ReplyReading.NeedMore.NEED_MORE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.wire.ReplyReading.Declined;
import io.konnectproxy.wire.ReplyReading.ReplyFault;
import java.util.Arrays;

/** The input is what a parent proxy answers. */
public final class ConnectReplyFuzz {
    private ConnectReplyFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ReplyRun run = ReplyRun.whole(input);

        assertThat(ReplyRun.byteByByte(input)).as("byte by byte").isEqualTo(run);
        assertThat(ReplyRun.cut(input, Cuts.of(input))).as("cut").isEqualTo(run);
        assertThat(run.consumed()).isLessThanOrEqualTo(ConnectReplyReader.MAX_BYTES + 1);
        assertThat(run.reading() == CONNECTED ? run.consumed() : 0)
                .as("bytes of the answer, as the model reads it")
                .isEqualTo(ReplyModel.length(new String(input, ISO_8859_1)));
        if (run.reading() == NEED_MORE) {
            assertThat(run.consumed()).isEqualTo(input.length);
            return;
        }
        if (run.reading() instanceof Declined declined) {
            assertThat(declined.status()).isBetween(300, 599);
        } else if (run.reading() instanceof ReplyFault fault) {
            assertThat(fault.problem()).matches("[A-Z][ -~]+\\.");
        }
        assertThat(ReplyRun.whole(Arrays.copyOf(input, run.consumed() - 1)).reading())
                .as("told with the byte that decides")
                .isEqualTo(NEED_MORE);
    }
}
