package io.konnectproxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.wire.HeadReading.ConnectHead;
import io.konnectproxy.wire.HeadReading.HeadFault;
import io.konnectproxy.wire.HelloReading.ClientHello;
import io.konnectproxy.wire.HelloReading.HelloFault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Valid inputs with a few bytes changed, taken out, put in or repeated: no exception, and the cuts never matter. The
 * seeds are fixed, so that a failure comes back.
 */
final class MutatedInputTest {
    private static final int ROUNDS = 20_000;
    /** Bytes that mean something to one of the readers. */
    private static final byte[] TELLING = "\r\n \t:.@/\0\u0016\u0003\u0080\u00ff\u0001[]09aZ".getBytes(ISO_8859_1);

    private static final List<byte[]> HEADS = List.of(
            ("CONNECT us.api.konghq.com:443 HTTP/1.1\r\nHost: us.api.konghq.com:443\r\nProxy-Connection: Keep-Alive\r\n"
                            + "\r\nearly")
                    .getBytes(ISO_8859_1),
            "CONNECT us.api.konghq.com:443 HTTP/1.0\r\nProxy-Authorization: Basic dXNlcjpwYXNzdw==\r\n\r\n"
                    .getBytes(ISO_8859_1),
            "CONNECT [::1]:443 HTTP/1.0\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1),
            "GET http://us.api.konghq.com/ HTTP/1.1\r\nHost: us.api.konghq.com\r\n\r\n".getBytes(ISO_8859_1));

    private static final List<byte[]> HELLOS = List.of(
            HelloBytes.naming("us.api.konghq.com").bytes(),
            HelloBytes.naming("us.api.konghq.com")
                    .extension(16, HelloBytes.alpn("h2", "http/1.1"))
                    .extension(0xfe0d, "00")
                    .bytes(),
            HelloBytes.records(HelloBytes.naming("cloud.konghq.com").message(), 60),
            HelloBytes.bare().extension(0, HelloBytes.serverName("a.b")).bytes());

    @Test
    void the_head_reader_stands_every_mutation() {
        Map<Object, Integer> kinds = new HashMap<>();
        mutate(HEADS, new Random(1), (bytes) -> {
            HeadRun whole = HeadRun.whole(bytes, 200);
            assertThat(HeadRun.pieces(bytes, 1, 200)).isEqualTo(whole);
            assertThat(HeadRun.split(bytes, bytes.length / 2, 200)).isEqualTo(whole);
            assertThat(whole.asked().map(RequestTarget::text).orElse("")).doesNotContain("\r", "\n");
            Object kind = whole.reading() instanceof HeadFault fault
                    ? fault.kind()
                    : whole.reading().getClass();
            kinds.merge(kind, 1, Integer::sum);
        });
        assertThat(kinds).as("the mutations reach far").containsKeys((Object[]) HeadFault.Kind.values());
        assertThat(kinds).containsKey(ConnectHead.class);
    }

    @Test
    void the_hello_reader_stands_every_mutation() {
        Map<Object, Integer> kinds = new HashMap<>();
        mutate(HELLOS, new Random(2), (bytes) -> {
            HelloReading whole = HelloRun.whole(bytes);
            assertThat(HelloRun.pieces(bytes, 1)).isEqualTo(whole);
            assertThat(HelloRun.split(bytes, bytes.length / 2)).isEqualTo(whole);
            Object kind = whole instanceof HelloFault fault ? fault.kind() : whole.getClass();
            kinds.merge(kind, 1, Integer::sum);
        });
        assertThat(kinds).as("the mutations reach far").containsKeys((Object[]) HelloFault.Kind.values());
        assertThat(kinds).containsKey(ClientHello.class);
    }

    @Test
    void both_readers_stand_noise() {
        Random random = new Random(3);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            assertThat(HeadRun.pieces(noise, 1, 200)).isEqualTo(HeadRun.whole(noise, 200));
            byte[] hello = HelloBytes.record(HelloBytes.message(1, HelloBytes.concat(new byte[] {3, 3}, noise)));
            assertThat(HelloRun.pieces(hello, 1)).isEqualTo(HelloRun.whole(hello));
            assertThat(HelloRun.whole(hello)).isNotInstanceOf(ClientHello.class);
        }
    }

    private static void mutate(List<byte[]> seeds, Random random, Consumer<byte[]> check) {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                bytes = changed(bytes, random);
            }
            check.accept(bytes);
        }
    }

    private static byte[] changed(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        byte[] before = java.util.Arrays.copyOf(bytes, at);
        byte[] behind = java.util.Arrays.copyOfRange(bytes, at + 1, bytes.length);
        byte[] here = {bytes[at]};
        byte[] other = {random.nextBoolean() ? TELLING[random.nextInt(TELLING.length)] : (byte) random.nextInt(256)};
        return switch (random.nextInt(5)) {
            case 0 -> HelloBytes.concat(before, here);
            case 1 -> HelloBytes.concat(before, other, here, behind);
            case 2 -> HelloBytes.concat(before, here, before, here, behind);
            case 3 -> behind.length == 0 ? bytes : HelloBytes.concat(before, behind);
            default -> HelloBytes.concat(before, other, behind);
        };
    }
}
