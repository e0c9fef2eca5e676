package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloBytes.alpn;
import static io.konnectproxy.wire.HelloBytes.bare;
import static io.konnectproxy.wire.HelloBytes.naming;
import static io.konnectproxy.wire.HelloBytes.serverName;
import static io.konnectproxy.wire.HelloReading.NeedMore.NEED_MORE;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.wire.HelloReading.ClientHello;
import io.konnectproxy.wire.HelloReading.HelloFault;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ClientHelloReaderTest {
    private static final String HOST = "0646a7d680.us.cp0.konghq.com";

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
        assertThat(HelloRun.whole(bytes)).isInstanceOf(ClientHello.class);
    }

    /** Its name, protocols and versions at their longest: all that a tunnel keeps of its hello. */
    @Test
    void little_is_kept_of_the_worst_hello() {
        byte[] worst = bare().extension(0, serverName("a".repeat(255)))
                .extension(16, alpn(Collections.nCopies(16, "\u0001".repeat(63)).toArray(String[]::new)))
                .extension(43, "20" + "7f1c".repeat(16))
                .bytes();
        HelloReading[] kept = new HelloReading[2000];
        long before = usedHeap();
        Arrays.setAll(kept, i -> HelloRun.whole(worst));
        long each = (usedHeap() - before) / kept.length;
        assertThat(kept).hasOnlyElementsOfType(ClientHello.class);
        assertThat(each).as("bytes of heap").isBetween(1000L, 8L * 1024);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
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
