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
        assertThat(hello.alpn()).allMatch(protocol -> protocol.matches("[ -~]+"));
        assertThat(hello.versions()).allMatch(version -> version.matches("TLSv1\\.[0-3]|0x[0-9a-f]{4}"));
    }

    /** Up to one byte more is needed, with that byte it is this hello; that byte ends a record. */
    private static void endsWithItsLastByte(byte[] input, ClientHello hello) {
        var reader = new ClientHelloReader();
        int length = 0;
        while (reader.read(ByteBuffer.wrap(input, length++, 1)) == NEED_MORE) {}
        assertThat(HelloRun.whole(Arrays.copyOf(input, length))).isEqualTo(hello);
        assertThat(HelloRun.whole(Arrays.copyOf(input, length - 1))).isEqualTo(NEED_MORE);
        int recordEnd = 0;
        while (recordEnd < length) {
            recordEnd += 5 + (input[recordEnd + 3] & 0xff) * 256 + (input[recordEnd + 4] & 0xff);
        }
        assertThat(length).as("the end of a record").isEqualTo(recordEnd);
    }

    /** Run when all classes have been loaded, which counts too. */
    private static void memoryGrowsWithWhatCame(byte[] input) {
        ByteBuffer bytes = ByteBuffer.wrap(input);
        long before = MEMORY.getCurrentThreadAllocatedBytes();
        new ClientHelloReader().read(bytes);
        long allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes allocated for %d", input.length).isLessThan(8192 + 100L * input.length);
    }
}
