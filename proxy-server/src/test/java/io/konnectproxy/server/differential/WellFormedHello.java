package io.konnectproxy.server.differential;

import static io.konnectproxy.server.differential.Drawn.oneOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.konnectproxy.server.differential.HelloSketch.Extension;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws hellos that our reader must take: what the clients of today send, GREASE (RFC 8701), ECH, padding and key shares
 * of post-quantum size among it, in any order, in one record.
 */
final class WellFormedHello {
    private WellFormedHello() {}

    static HelloSketch draw(RandomGenerator random) {
        HelloSketch hello = new HelloSketch(name(random));
        hello.version = random.nextInt(10) == 0 ? 0x0301 + random.nextInt(2) : 0x0303;
        hello.sessionId = Bytes.random(oneOf(random, 0, 32, 32, random.nextInt(33)), random);
        hello.suites = Bytes.random(2 * (1 + random.nextInt(40)), random);
        hello.compression = random.nextInt(10) == 0 ? new byte[] {1, 0} : new byte[] {0};
        List<Extension> all = others(random);
        for (Extension extension : Drawn.shuffled(all, random).subList(0, random.nextInt(all.size() + 1))) {
            hello.insert(extension, random);
        }
        hello.records.minor = 1 + random.nextInt(3);
        hello.records.behind = random.nextInt(4) == 0 ? laterBytes(random) : new byte[0];
        return hello;
    }

    private static String name(RandomGenerator random) {
        return switch (random.nextInt(8)) {
            case 0 -> oneOf(random, "kong_clustering", "localhost", "a.b", "xn--bcher-kva.example", "1.a", "-a-.b");
            case 1 -> "x".repeat(1 + random.nextInt(251)) + ".com";
            case 2 -> Drawn.recased("0646a7d680.us.cp0.konghq.com", random);
            default -> oneOf(random, "us.api.konghq.com", "0646a7d680.us.cp0.konghq.com", "cloud.konghq.com");
        };
    }

    private static List<Extension> others(RandomGenerator random) {
        int grease = 0x0a0a + 0x1010 * random.nextInt(8);
        byte[] ticket = Bytes.random(random.nextInt(200), random);
        int padding = random.nextInt(1500);
        return List.of(
                new Extension(
                        10,
                        data -> data.vector16(
                                list -> list.uint16(grease).uint16(0x11ec).uint16(29))),
                new Extension(
                        13, data -> data.vector16(list -> list.uint16(0x0403).uint16(0x0804))),
                protocols(oneOf(random, List.of("h2", "http/1.1"), List.of("h2"), List.of("x\u0000\u00ff"))),
                new Extension(
                        43,
                        data -> data.vector8(
                                list -> list.uint16(grease).uint16(0x0304).uint16(0x0303))),
                keyShares(random),
                encryptedHello(random),
                new Extension(45, data -> data.vector8(list -> list.uint8(1))),
                new Extension(5, data -> data.raw(new byte[] {1, 0, 0, 0, 0})),
                new Extension(23, data -> {}),
                new Extension(35, data -> data.raw(ticket)),
                new Extension(0xff01, data -> data.vector8(info -> {})),
                new Extension(grease, data -> {}),
                new Extension(grease + 0x8080, data -> data.uint8(0)),
                new Extension(21, data -> data.raw(new byte[padding])));
    }

    private static Extension protocols(List<String> names) {
        return new Extension(
                16,
                data -> data.vector16(
                        list -> names.forEach(name -> list.vector8(text -> text.raw(name.getBytes(ISO_8859_1))))));
    }

    /** X25519MLKEM768 and X25519. */
    private static Extension keyShares(RandomGenerator random) {
        byte[] hybrid = Bytes.random(1216, random);
        byte[] classic = Bytes.random(32, random);
        return new Extension(
                51,
                data -> data.vector16(shares -> shares.uint16(0x11ec)
                        .vector16(share -> share.raw(hybrid))
                        .uint16(29)
                        .vector16(share -> share.raw(classic))));
    }

    private static Extension encryptedHello(RandomGenerator random) {
        byte[] key = Bytes.random(32, random);
        byte[] sealed = Bytes.random(144 + random.nextInt(100), random);
        return new Extension(
                HelloSketch.ENCRYPTED_CLIENT_HELLO,
                data -> data.uint8(0)
                        .uint16(1)
                        .uint16(1)
                        .uint8(7)
                        .vector16(encapsulated -> encapsulated.raw(key))
                        .vector16(payload -> payload.raw(sealed)));
    }

    /** What may follow a ClientHello: ChangeCipherSpec, early data, anything. */
    private static byte[] laterBytes(RandomGenerator random) {
        return switch (random.nextInt(3)) {
            case 0 -> new byte[] {20, 3, 3, 0, 1, 1};
            case 1 -> Bytes.concat(new byte[] {23, 3, 3, 0, 64}, Bytes.random(64, random));
            default -> Bytes.random(random.nextInt(30), random);
        };
    }
}
