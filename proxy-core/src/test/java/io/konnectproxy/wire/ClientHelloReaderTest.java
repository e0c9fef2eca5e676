package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloBytes.hex;
import static io.konnectproxy.wire.HelloBytes.naming;
import static io.konnectproxy.wire.HelloReading.NeedMore.NEED_MORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.wire.HelloReading.ClientHello;
import io.konnectproxy.wire.HelloReading.HelloFault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ClientHelloReaderTest {
    private static final String HOST = "0646a7d680.us.cp0.konghq.com";
    private static final ClientHello PLAIN = new ClientHello(HOST, List.of(), List.of("TLSv1.3", "TLSv1.2"), false);

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.AcceptedHellos#all")
    void accepts(String name, byte[] bytes, ClientHello hello) {
        assertThat(atEverySegmentation(bytes)).isEqualTo(hello);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.RefusedHellos#all")
    void refuses(String name, byte[] bytes, HelloFault.Kind kind) {
        assertThat(atEverySegmentation(bytes)).isInstanceOfSatisfying(HelloFault.class, fault -> {
            assertThat(fault.kind()).isEqualTo(kind);
            assertThat(fault.problem()).matches("[A-Z][ -~]+\\.").doesNotContain(HOST);
        });
    }

    @Test
    void the_first_byte_tells_what_is_no_tls() {
        IntStream.range(0, 256).forEach(octet -> {
            HelloReading reading = HelloRun.whole(new byte[] {(byte) octet});
            assertThat(reading == NEED_MORE).as("octet %d", octet).isEqualTo(octet == 0x16);
        });
    }

    @Test
    void waits_for_the_last_byte_and_no_longer() {
        byte[] bytes = naming(HOST).bytes();
        for (int length = 0; length < bytes.length; length++) {
            assertThat(HelloRun.whole(Arrays.copyOf(bytes, length))).isEqualTo(NEED_MORE);
        }
        assertThat(HelloRun.whole(bytes)).isEqualTo(PLAIN);
    }

    @Test
    void reads_nothing_after_it_has_decided() {
        for (byte[] decided : List.of(naming(HOST).bytes(), hex("15"))) {
            var reader = new ClientHelloReader();
            assertThat(reader.read(ByteBuffer.wrap(decided))).isNotEqualTo(NEED_MORE);
            assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(0))).isInstanceOf(IllegalStateException.class);
        }
    }

    /** Asserts that the cuts do not matter, and gives the result. */
    private static HelloReading atEverySegmentation(byte[] bytes) {
        HelloReading whole = HelloRun.whole(bytes);
        assertThat(HelloRun.pieces(bytes, 1)).as("byte by byte").isEqualTo(whole);
        assertThat(HelloRun.pieces(bytes, 7)).as("seven bytes each").isEqualTo(whole);
        for (int at = 0; at < Math.min(bytes.length, 400); at++) {
            assertThat(HelloRun.split(bytes, at)).as("split at %d", at).isEqualTo(whole);
        }
        return whole;
    }
}
