package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloBytes.alpn;
import static io.konnectproxy.wire.HelloBytes.bare;
import static io.konnectproxy.wire.HelloBytes.concat;
import static io.konnectproxy.wire.HelloBytes.hex;
import static io.konnectproxy.wire.HelloBytes.naming;
import static io.konnectproxy.wire.HelloBytes.record;
import static io.konnectproxy.wire.HelloBytes.records;
import static io.konnectproxy.wire.HelloBytes.serverName;
import static io.konnectproxy.wire.HelloBytes.vector16;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.wire.HelloReading.ClientHello;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** First bytes of a tunnel that are a whole ClientHello. */
public final class AcceptedHellos {
    private static final String HOST = "0646a7d680.us.cp0.konghq.com";
    private static final List<String> MODERN = List.of("TLSv1.3", "TLSv1.2");
    private static final ClientHello PLAIN = new ClientHello(HOST, List.of(), MODERN, false);

    private AcceptedHellos() {}

    /** The arguments are a name, the bytes, and the {@link ClientHello} that they say. */
    public static Stream<Arguments> all() {
        byte[] message = naming(HOST).message();
        return Stream.of(
                arguments("a plain hello", record(message), PLAIN),
                arguments("a hello in two records", records(message, 100), PLAIN),
                arguments("a record that ends inside the message's header", records(message, 1, 2, 1), PLAIN),
                arguments("one byte a record, as far as 32 records go", records(message, HelloBytes.ones(31)), PLAIN),
                arguments(
                        "a post-quantum key share, 1.7 KB in all",
                        bare().extension(51, vector16(concat(hex("11ec04c0"), new byte[1216])))
                                .extension(21, new byte[400])
                                .extension(43, "0403040303")
                                .extension(0, serverName(HOST))
                                .bytes(),
                        PLAIN),
                arguments(
                        "a server name behind byte 1024",
                        bare().extension(21, new byte[1400])
                                .extension(43, "0403040303")
                                .extension(0, serverName(HOST))
                                .bytes(),
                        PLAIN),
                arguments(
                        "GREASE in every list",
                        bare().suites("0a0a1301")
                                .extension(0x0a0a, "")
                                .extension(0, serverName(HOST))
                                .extension(16, alpn("\n\n", "h2"))
                                .extension(43, "06fafa03040303")
                                .extension(0x1a1a, "00")
                                .bytes(),
                        new ClientHello(HOST, List.of("\\x0a\\x0a", "h2"), MODERN, false)),
                arguments(
                        "a name in capitals is folded",
                        naming("CLOUD.KongHQ.com").bytes(),
                        new ClientHello("cloud.konghq.com", List.of(), MODERN, false)),
                arguments(
                        "the name of shared cluster certificates, for the caller to refuse",
                        naming("kong_clustering").bytes(),
                        new ClientHello("kong_clustering", List.of(), MODERN, false)),
                arguments(
                        "ALPN, with what is not printable escaped",
                        naming(HOST)
                                .extension(16, alpn("h2", "http/1.1", "a b", "\\", "\u001b\u00ff"))
                                .bytes(),
                        new ClientHello(HOST, List.of("h2", "http/1.1", "a b", "\\x5c", "\\x1b\\xff"), MODERN, false)),
                arguments(
                        "encrypted_client_hello beside the right name",
                        naming(HOST).extension(0xfe0d, "0000010001").bytes(),
                        new ClientHello(HOST, List.of(), MODERN, true)),
                arguments(
                        "TLS 1.2 without supported_versions",
                        bare().extension(0, serverName(HOST)).bytes(),
                        new ClientHello(HOST, List.of(), List.of("TLSv1.2"), false)),
                arguments(
                        "TLS 1.0 of old",
                        bare().legacyVersion(0x0301)
                                .extension(0, serverName(HOST))
                                .bytes(),
                        new ClientHello(HOST, List.of(), List.of("TLSv1.0"), false)),
                arguments(
                        "versions that nobody knows",
                        bare().extension(0, serverName(HOST))
                                .extension(43, "0a030403020305" + "7f1c" + "0a1a")
                                .bytes(),
                        new ClientHello(
                                HOST, List.of(), List.of("TLSv1.3", "TLSv1.1", "0x0305", "0x7f1c", "0x0a1a"), false)),
                arguments(
                        "an empty session id and further compression methods",
                        bare().sessionId(0)
                                .compression("0100")
                                .extension(0, serverName(HOST))
                                .bytes(),
                        new ClientHello(HOST, List.of(), List.of("TLSv1.2"), false)),
                arguments(
                        "early data behind it in a record of its own",
                        concat(record(message), hex("1703030003abcdef")),
                        PLAIN),
                arguments(
                        "exactly 16 KiB",
                        naming(HOST)
                                .extension(21, new byte[16384 - message.length - 4])
                                .bytes(),
                        PLAIN),
                arguments("a name of one byte", naming("a").bytes(), new ClientHello("a", List.of(), MODERN, false)),
                arguments(
                        "a name of 255 bytes",
                        naming("a".repeat(255)).bytes(),
                        new ClientHello("a".repeat(255), List.of(), MODERN, false)));
    }
}
