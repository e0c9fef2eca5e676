package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloReading.NeedMore.NEED_MORE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.konnectproxy.wire.HelloReading.ClientHello;
import io.konnectproxy.wire.HelloReading.HelloFault;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The input is what a client sends first in its tunnel. */
public final class ClientHelloFuzz {
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private ClientHelloFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        HelloReading reading = HelloRun.whole(input);

        assertThat(HelloRun.pieces(input, 1)).as("byte by byte").isEqualTo(reading);
        assertThat(HelloRun.cut(input, Cuts.of(input))).as("cut").isEqualTo(reading);
        assertThat(reading instanceof ClientHello hello ? Optional.of(hello.serverName()) : Optional.empty())
                .as("the name, as the model reads it")
                .isEqualTo(HelloModel.serverName(input));
        memoryGrowsWithWhatCame(input);
        if (reading instanceof ClientHello hello) {
            accepted(hello);
            endsWithItsLastByte(input, hello);
        } else if (reading instanceof HelloFault fault) {
            assertThat(fault.problem()).matches("[A-Z][ -~]+\\.");
        }
    }

    private static void accepted(ClientHello hello) {
        assertThat(hello.serverName()).matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)*").hasSizeLessThanOrEqualTo(255);
        assertThat(hello.alpn())
                .hasSizeLessThanOrEqualTo(16)
                .allMatch(protocol -> protocol.matches("[ -~]+") && protocol.length() <= 512);
        assertThat(hello.versions())
                .hasSizeLessThanOrEqualTo(16)
                .allMatch(version -> version.matches("TLSv1\\.[0-3]|0x[0-9a-f]{4}"));
    }

    /** Up to one byte more is needed, with that byte it is this hello; that byte ends the record. */
    private static void endsWithItsLastByte(byte[] input, ClientHello hello) {
        assertThat(hello.length()).isEqualTo(5 + (input[3] & 0xff) * 256 + (input[4] & 0xff));
        assertThat(HelloRun.whole(Arrays.copyOf(input, hello.length()))).isEqualTo(hello);
        assertThat(HelloRun.whole(Arrays.copyOf(input, hello.length() - 1))).isEqualTo(NEED_MORE);
    }

    /** Nothing for a claim, and little for what came. Run when all classes have been loaded, which counts too. */
    private static void memoryGrowsWithWhatCame(byte[] input) {
        ByteBuffer bytes = ByteBuffer.wrap(input);
        long before = MEMORY.getCurrentThreadAllocatedBytes();
        HelloReading reading = ClientHelloReader.read(bytes);
        long allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated)
                .as("bytes allocated for %d", input.length)
                .isLessThan(reading == NEED_MORE ? 1024 : 128 * 1024 + input.length);
    }
}
