package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyHeaderReading.NeedMore.NEED_MORE;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeader;
import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeaderFault;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The input is what a peer sends first that must begin with a PROXY header. */
public final class ProxyHeaderFuzz {
    private ProxyHeaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ProxyHeaderRun run = ProxyHeaderRun.whole(input);

        assertThat(ProxyHeaderRun.single(input)).as("byte by byte").isEqualTo(run);
        assertThat(ProxyHeaderRun.cut(input, Cuts.of(input))).as("cut").isEqualTo(run);
        assertThat(run.consumed()).isLessThanOrEqualTo(16 + 2048);
        ProxyHeaderModel.Header model = ProxyHeaderModel.read(input);
        if (run.reading() instanceof ProxyHeader header) {
            assertThat(new ProxyHeaderModel.Header(run.consumed(), header.source()))
                    .isEqualTo(model);
            assertThat(ProxyHeaderReader.looksLikeHeader(ByteBuffer.wrap(input)))
                    .isTrue();
        } else {
            assertThat(model).as("as the model reads it").isEqualTo(ProxyHeaderModel.Header.NONE);
        }
        if (run.reading() instanceof ProxyHeaderFault fault) {
            assertThat(fault.problem()).matches("[A-Z][ -~]+\\.");
            assertThat(ProxyHeaderRun.whole(Arrays.copyOf(input, run.consumed() - 1))
                            .reading())
                    .as("told with the byte that decides")
                    .isEqualTo(NEED_MORE);
        } else if (run.reading() == NEED_MORE) {
            assertThat(run.consumed()).isEqualTo(input.length);
        }
    }
}
