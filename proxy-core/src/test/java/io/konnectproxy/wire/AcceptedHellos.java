package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloBytes.alpn;
import static io.konnectproxy.wire.HelloBytes.bare;
import static io.konnectproxy.wire.HelloBytes.concat;
import static io.konnectproxy.wire.HelloBytes.hex;
import static io.konnectproxy.wire.HelloBytes.naming;
import static io.konnectproxy.wire.HelloBytes.record;
import static io.konnectproxy.wire.HelloBytes.serverName;
import static io.konnectproxy.wire.HelloBytes.vector16;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.wire.HelloReading.ClientHello;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** First bytes of a tunnel that are a whole ClientHello. */
public final class AcceptedHellos {
    private static final String HOST = "0646a7d680.us.cp0.konghq.com";
    private static final List<String> MODERN = List.of("TLSv1.3", "TLSv1.2");
    private static final ClientHello PLAIN = said(HOST, List.of(), MODERN, false, false);

    private AcceptedHellos() {}

    /** The arguments are a name, the bytes, and the {@link ClientHello} that they say. */
    public static Stream<Arguments> all() {
        return Stream.concat(plain().map(AcceptedHellos::whole), resumptions());
    }

    /** Those of them that offer a session, and those that seem to. */
    public static Stream<Arguments> resumptions() {
        return sessions().map(AcceptedHellos::whole);
    }

    private static Stream<Arguments> plain() {
        byte[] message = naming(HOST).message();
        return Stream.of(
                arguments("a plain hello", record(message), PLAIN),
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
                        said(HOST, List.of("\\x0a\\x0a", "h2"), MODERN, false, false)),
                arguments(
                        "a name in capitals is folded",
                        naming("CLOUD.KongHQ.com").bytes(),
                        said("cloud.konghq.com", List.of(), MODERN, false, false)),
                arguments(
                        "the name of shared cluster certificates, for the caller to refuse",
                        naming("kong_clustering").bytes(),
                        said("kong_clustering", List.of(), MODERN, false, false)),
                arguments(
                        "ALPN, with what is not printable escaped",
                        naming(HOST)
                                .extension(16, alpn("h2", "http/1.1", "a b", "\\", "\u001b\u00ff"))
                                .bytes(),
                        said(HOST, List.of("h2", "http/1.1", "a b", "\\x5c", "\\x1b\\xff"), MODERN, false, false)),
                arguments(
                        "encrypted_client_hello beside the right name",
                        naming(HOST).extension(0xfe0d, "0000010001").bytes(),
                        said(HOST, List.of(), MODERN, true, false)),
                arguments(
                        "TLS 1.2 without supported_versions",
                        bare().extension(0, serverName(HOST)).bytes(),
                        said(HOST, List.of(), List.of("TLSv1.2"), false, true)),
                arguments(
                        "TLS 1.0 of old",
                        bare().legacyVersion(0x0301)
                                .extension(0, serverName(HOST))
                                .bytes(),
                        said(HOST, List.of(), List.of("TLSv1.0"), false, true)),
                arguments(
                        "versions that nobody knows",
                        bare().extension(0, serverName(HOST))
                                .extension(43, "0a030403020305" + "7f1c" + "0a1a")
                                .bytes(),
                        said(
                                HOST,
                                List.of(),
                                List.of("TLSv1.3", "TLSv1.1", "0x0305", "0x7f1c", "0x0a1a"),
                                false,
                                false)),
                arguments(
                        "an empty session id and further compression methods",
                        bare().sessionId(0)
                                .compression("0100")
                                .extension(0, serverName(HOST))
                                .bytes(),
                        said(HOST, List.of(), List.of("TLSv1.2"), false, false)),
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
                arguments("a name of one byte", naming("a").bytes(), said("a", List.of(), MODERN, false, false)),
                arguments(
                        "a name of 255 bytes",
                        naming("a".repeat(255)).bytes(),
                        said("a".repeat(255), List.of(), MODERN, false, false)),
                arguments(
                        "64 protocols, of which 16 are kept",
                        naming(HOST).extension(16, alpn(protocols(64, "p"))).bytes(),
                        cut(List.of(protocols(16, "p")))),
                arguments(
                        "1,020 bytes of protocols that are not printable, each of which is cut",
                        naming(HOST)
                                .extension(16, alpn(protocols(4, "\u0001".repeat(254))))
                                .bytes(),
                        said(HOST, Collections.nCopies(4, "\\x01".repeat(127) + "\\..."), MODERN, false, false)),
                arguments(
                        "1,024 bytes of protocols",
                        naming(HOST)
                                .extension(16, alpn(protocols(16, "p".repeat(63))))
                                .bytes(),
                        said(HOST, List.of(protocols(16, "p".repeat(63))), MODERN, false, false)),
                arguments(
                        "16 versions",
                        bare().extension(0, serverName(HOST))
                                .extension(43, "20" + "0305".repeat(16))
                                .bytes(),
                        said(HOST, List.of(), Collections.nCopies(16, "0x0305"), false, true)),
                arguments("128 extensions", unknownExtensions(naming(HOST), 123).bytes(), PLAIN));
    }

    private static Stream<Arguments> sessions() {
        ClientHello resuming = said(HOST, List.of(), MODERN, false, true);
        return Stream.of(
                arguments(
                        "an empty session ticket, as of a client that would take one",
                        naming(HOST).extension(35, "").bytes(),
                        PLAIN),
                arguments("a session ticket", naming(HOST).extension(35, "00").bytes(), resuming),
                arguments(
                        "a pre-shared key, the last extension",
                        naming(HOST).extension(41, "00").bytes(),
                        resuming),
                arguments(
                        "an empty pre_shared_key",
                        naming(HOST).extension(41, "").bytes(),
                        resuming),
                arguments(
                        "a session id without TLS 1.3",
                        bare().sessionId(1)
                                .extension(0, serverName(HOST))
                                .extension(43, "020303")
                                .bytes(),
                        said(HOST, List.of(), List.of("TLSv1.2"), false, true)),
                arguments(
                        "a session id for middleboxes, with TLS 1.3",
                        bare().sessionId(32)
                                .extension(0, serverName(HOST))
                                .extension(43, "020304")
                                .bytes(),
                        said(HOST, List.of(), List.of("TLSv1.3"), false, false)));
    }

    private static String[] protocols(int count, String name) {
        return Collections.nCopies(count, name).toArray(String[]::new);
    }

    static HelloBytes unknownExtensions(HelloBytes hello, int count) {
        for (int type = 1000; type < 1000 + count; type++) {
            hello.extension(type, "");
        }
        return hello;
    }

    private static ClientHello cut(List<String> protocols) {
        return new ClientHello(0, HOST, protocols, true, MODERN, false, false);
    }

    private static ClientHello said(
            String name, List<String> protocols, List<String> versions, boolean ech, boolean resumes) {
        return new ClientHello(0, name, protocols, false, versions, ech, resumes);
    }

    /** Its length filled in, which the bytes tell. */
    private static Arguments whole(Arguments row) {
        Object[] columns = row.get();
        byte[] bytes = (byte[]) columns[1];
        ClientHello said = (ClientHello) columns[2];
        int length = 5 + ByteBuffer.wrap(bytes).getShort(3);
        return arguments(
                columns[0],
                bytes,
                new ClientHello(
                        length,
                        said.serverName(),
                        said.alpn(),
                        said.alpnCut(),
                        said.versions(),
                        said.ech(),
                        said.resumes()));
    }
}
