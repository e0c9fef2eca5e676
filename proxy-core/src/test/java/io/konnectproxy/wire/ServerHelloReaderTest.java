package io.konnectproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ServerHelloReaderTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.ServerFlights#all")
    void tells(String name, byte[] bytes, ServerHelloReading reading) {
        assertThat(read(bytes, List.of())).isEqualTo(reading);
        assertThat(read(bytes, Cuts.everywhere(bytes))).as("byte by byte").isEqualTo(reading);
        for (int at = 1; at < bytes.length; at++) {
            assertThat(read(bytes, List.of(at))).as("cut at %d", at).isEqualTo(reading);
        }
    }

    @Test
    void stays_with_what_it_has_decided() {
        var reader = new ServerHelloReader();
        assertThat(reader.read(ByteBuffer.wrap(new byte[] {23}))).isEqualTo(ServerHelloReading.OTHER);
        assertThat(reader.read(ByteBuffer.wrap(ServerFlights.helloRetryRequest())))
                .isEqualTo(ServerHelloReading.OTHER);
    }

    static ServerHelloReading read(byte[] bytes, List<Integer> cuts) {
        var reader = new ServerHelloReader();
        return Cuts.feed(bytes, cuts, ServerHelloReading.NEED_MORE, reader::read)
                .reading();
    }
}
