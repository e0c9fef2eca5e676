package io.konnectproxy.wire;

import static io.konnectproxy.wire.ServerHelloReading.HELLO_RETRY_REQUEST;
import static io.konnectproxy.wire.ServerHelloReading.NEED_MORE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** The input is what an upstream says first. */
public final class ServerHelloFuzz {
    private static final byte[] RANDOM = Arrays.copyOfRange(ServerFlights.helloRetryRequest(), 11, 43);

    private ServerHelloFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ServerHelloReading reading = ServerHelloReaderTest.read(input, List.of());

        assertThat(ServerHelloReaderTest.read(input, Cuts.everywhere(input)))
                .as("byte by byte")
                .isEqualTo(reading);
        assertThat(ServerHelloReaderTest.read(input, Cuts.of(input))).as("cut").isEqualTo(reading);
        assertThat(reading == HELLO_RETRY_REQUEST).as("as the model reads it").isEqualTo(isRetry(input));
        for (int length = 0; reading == NEED_MORE && length < input.length; length++) {
            assertThat(ServerHelloReaderTest.read(Arrays.copyOf(input, length), List.of()))
                    .isEqualTo(NEED_MORE);
        }
    }

    /** A second reading: what the handshake records carry, put together first. */
    private static boolean isRetry(byte[] input) {
        ByteBuffer in = ByteBuffer.wrap(input);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        while (message.size() < 38 && in.remaining() > 5) {
            int type = in.get();
            int major = in.get();
            in.get();
            int length = in.getShort() & 0xffff;
            byte[] content = new byte[Math.min(length, in.remaining())];
            in.get(content);
            boolean warning = type == 21 && length == 2 && content[0] == 1 && message.size() == 0;
            if (major != 3 || length == 0 || (type != 22 && !warning)) {
                return false;
            }
            if (type == 22) {
                message.writeBytes(content);
            }
        }
        byte[] read = message.toByteArray();
        return read.length >= 38 && read[0] == 2 && Arrays.equals(read, 6, 38, RANDOM, 0, 32);
    }
}
