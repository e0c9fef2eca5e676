package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloBytes.bare;
import static io.konnectproxy.wire.HelloBytes.concat;
import static io.konnectproxy.wire.HelloBytes.hex;
import static io.konnectproxy.wire.HelloBytes.message;
import static io.konnectproxy.wire.HelloBytes.naming;
import static io.konnectproxy.wire.HelloBytes.record;
import static io.konnectproxy.wire.HelloBytes.records;
import static io.konnectproxy.wire.HelloBytes.serverName;
import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.FRAGMENTED;
import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.MALFORMED;
import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.NOT_TLS;
import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.SERVER_NAME_MISSING;
import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.TOO_LARGE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** First bytes of a tunnel that cut it. */
public final class RefusedHellos {
    private static final String HOST = "0646a7d680.us.cp0.konghq.com";

    private RefusedHellos() {}

    public static Stream<Arguments> all() {
        return Stream.of(
                        otherProtocols(), recordLayer(), fragments(), messages(), fields(), serverNames(), extensions())
                .flatMap(s -> s);
    }

    private static Stream<Arguments> otherProtocols() {
        return Stream.of(
                arguments("SSH", "SSH-2.0-OpenSSH_9.6\r\n".getBytes(ISO_8859_1), NOT_TLS),
                arguments("HTTP", "GET / HTTP/1.1\r\n".getBytes(ISO_8859_1), NOT_TLS),
                arguments(
                        "a second CONNECT", "CONNECT cloud.konghq.com:443 HTTP/1.1\r\n".getBytes(ISO_8859_1), NOT_TLS),
                arguments("the SSLv2 form", hex("802e0100020015000000100100"), NOT_TLS),
                arguments("Kong's WebSocket close frame", hex("8880"), NOT_TLS),
                arguments("a TLS alert", hex("15030100020228"), NOT_TLS),
                arguments("a record of no TLS version", hex("1602"), NOT_TLS));
    }

    private static Stream<Arguments> recordLayer() {
        byte[] message = naming(HOST).message();
        return Stream.of(
                arguments("a record of length 0", hex("1603010000"), MALFORMED),
                arguments("a record over 2^14", hex("1603014001"), MALFORMED),
                arguments("a record of length 65535", hex("160301ffff"), MALFORMED),
                arguments("bytes behind the hello in its record", record(concat(message, hex("00"))), MALFORMED),
                arguments("a second hello in the same record", record(concat(message, message)), MALFORMED));
    }

    /** Whatever the later records are: the first one says that there must be some. */
    private static Stream<Arguments> fragments() {
        byte[] message = naming(HOST).message();
        return Stream.of(
                arguments("a hello in two records", records(message, 100), FRAGMENTED),
                arguments(
                        "all but the last byte in the first record", records(message, message.length - 1), FRAGMENTED),
                arguments("a record that ends inside the message's header", records(message, 1, 2, 1), FRAGMENTED),
                arguments("a record that ends behind the message's header", records(message, 4), FRAGMENTED),
                arguments("one byte a record", records(message, HelloBytes.ones(message.length - 1)), FRAGMENTED),
                arguments(
                        "another name for whoever takes later record headers for data",
                        records(hidden(message), message.length / 2),
                        FRAGMENTED),
                arguments("half a hello in a whole record", record(half(message)), FRAGMENTED),
                arguments(
                        "a record of length 0 in the middle",
                        concat(record(half(message)), hex("1603010000")),
                        FRAGMENTED),
                arguments("another type of record in the middle", concat(record(half(message)), hex("14")), FRAGMENTED),
                arguments(
                        "bytes behind the hello in its last record",
                        records(concat(message, hex("00")), 50),
                        FRAGMENTED));
    }

    /** A message that says to be longer by the header of a second record. */
    private static byte[] hidden(byte[] message) {
        byte[] longer = concat(message, new byte[5]);
        longer[3] = (byte) (longer[3] + 5);
        return longer;
    }

    private static Stream<Arguments> messages() {
        byte[] body = Arrays.copyOfRange(naming(HOST).message(), 4, naming(HOST).message().length);
        return Stream.of(
                arguments("a ServerHello", record(message(2, body)), MALFORMED),
                arguments("a HelloRequest", record(message(0, body)), MALFORMED),
                arguments("a claim of 16 MiB", concat(hex("1603010200"), hex("01ffffff")), TOO_LARGE),
                arguments("a claim of one byte over 16 KiB", concat(hex("1603010200"), hex("01003ffd")), TOO_LARGE),
                arguments("an empty message", record(hex("01000000")), MALFORMED),
                arguments("a length too small for any hello", record(hex("01000028")), MALFORMED),
                arguments("a length that falls short of the record", shortened(record(message(1, body))), MALFORMED));
    }

    private static Stream<Arguments> fields() {
        return Stream.of(
                arguments(
                        "legacy_version of SSL 3",
                        naming(HOST).legacyVersion(0x0300).bytes(),
                        MALFORMED),
                arguments(
                        "legacy_version of TLS 1.3",
                        naming(HOST).legacyVersion(0x0304).bytes(),
                        MALFORMED),
                arguments("a session id of 33 bytes", naming(HOST).sessionId(33).bytes(), MALFORMED),
                arguments("a session id beyond the end", record(message(1, lyingSessionId())), MALFORMED),
                arguments("no cipher suites", naming(HOST).suites("").bytes(), MALFORMED),
                arguments("half a cipher suite", naming(HOST).suites("130113").bytes(), MALFORMED),
                arguments("no compression methods", naming(HOST).compression("").bytes(), MALFORMED),
                arguments(
                        "compression without null",
                        naming(HOST).compression("01").bytes(),
                        MALFORMED),
                arguments(
                        "the shortest hello there can be",
                        bare().sessionId(0)
                                .suites("1301")
                                .withoutExtensionBlock()
                                .bytes(),
                        SERVER_NAME_MISSING),
                arguments("no extension block", bare().withoutExtensionBlock().bytes(), SERVER_NAME_MISSING),
                arguments("an empty extension block", bare().bytes(), SERVER_NAME_MISSING),
                arguments(
                        "extensions without server_name",
                        bare().extension(43, "020304").bytes(),
                        SERVER_NAME_MISSING),
                arguments(
                        "bytes behind the extensions",
                        naming(HOST).behindExtensions("00").bytes(),
                        MALFORMED),
                arguments(
                        "one byte where the extensions should be",
                        bare().withoutExtensionBlock().behindExtensions("00").bytes(),
                        MALFORMED));
    }

    private static Stream<Arguments> serverNames() {
        return Stream.of(
                arguments(
                        "two server_name extensions",
                        naming(HOST).extension(0, serverName(HOST)).bytes(),
                        MALFORMED),
                arguments("two names", sni("0008" + "00000161" + "00000161"), MALFORMED),
                arguments("another type of name", sni("0004" + "01000161"), MALFORMED),
                arguments("an empty name", sni("0003" + "000000"), MALFORMED),
                arguments("an empty list", sni("0000"), MALFORMED),
                arguments("an empty extension", sni(""), MALFORMED),
                arguments("bytes behind the list", sni("0004" + "00000161" + "00"), MALFORMED),
                arguments("bytes behind the name", sni("0005" + "00000161" + "00"), MALFORMED),
                arguments("a list beyond the extension", sni("0005" + "00000161"), MALFORMED),
                arguments("a name beyond the list", sni("0004" + "00000261"), MALFORMED),
                arguments("a name of 256 bytes", naming("a".repeat(256)).bytes(), MALFORMED),
                arguments("a trailing dot", naming(HOST + ".").bytes(), MALFORMED),
                arguments("a leading dot", naming("." + HOST).bytes(), MALFORMED),
                arguments("an empty label", naming("us..konghq.com").bytes(), MALFORMED),
                arguments("an IPv4 address", naming("10.0.0.1").bytes(), MALFORMED),
                arguments("an IPv4 address in hex", naming("0x7f000001").bytes(), MALFORMED),
                arguments("an IPv6 address", naming("::1").bytes(), MALFORMED),
                arguments("an IPv6 address in brackets", naming("[::1]").bytes(), MALFORMED),
                arguments("NUL in the name", naming(HOST + "\0.evil.com").bytes(), MALFORMED),
                arguments("a space in the name", naming("us konghq.com").bytes(), MALFORMED),
                arguments("a high byte in the name", naming("k\u00f6ng.com").bytes(), MALFORMED),
                arguments(
                        "user information before the name",
                        naming("user@" + HOST).bytes(),
                        MALFORMED),
                arguments("an asterisk in the name", naming("*.konghq.com").bytes(), MALFORMED));
    }

    private static Stream<Arguments> extensions() {
        return Stream.of(
                arguments(
                        "an unknown extension twice",
                        naming(HOST).extension(9, "").extension(9, "").bytes(),
                        MALFORMED),
                arguments(
                        "a GREASE extension twice",
                        naming(HOST).extension(0x0a0a, "").extension(0x0a0a, "").bytes(),
                        MALFORMED),
                arguments(
                        "an extension beyond the block",
                        naming(HOST).rawExtension("00090001").bytes(),
                        MALFORMED),
                arguments(
                        "half an extension header",
                        naming(HOST).rawExtension("000900").bytes(),
                        MALFORMED),
                arguments(
                        "a single byte as extension",
                        naming(HOST).rawExtension("00").bytes(),
                        MALFORMED),
                arguments(
                        "ALPN without names", naming(HOST).extension(16, "0000").bytes(), MALFORMED),
                arguments("ALPN without a list", naming(HOST).extension(16, "").bytes(), MALFORMED),
                arguments(
                        "an empty name in ALPN",
                        naming(HOST).extension(16, "000100").bytes(),
                        MALFORMED),
                arguments(
                        "a name beyond the ALPN list",
                        naming(HOST).extension(16, "0003036832").bytes(),
                        MALFORMED),
                arguments(
                        "bytes behind the ALPN list",
                        naming(HOST).extension(16, "000302683200").bytes(),
                        MALFORMED),
                arguments("65 protocols", protocols("0170".repeat(65)), MALFORMED),
                arguments("thousands of protocols", protocols("0170".repeat(7500)), MALFORMED),
                arguments(
                        "more than 1,024 bytes of protocols",
                        protocols(("fe" + "70".repeat(254)).repeat(4) + "0470707070"),
                        MALFORMED),
                arguments("17 versions", versions("22" + "0304".repeat(17)), MALFORMED),
                arguments(
                        "129 extensions",
                        AcceptedHellos.unknownExtensions(naming(HOST), 124).bytes(),
                        MALFORMED),
                arguments(
                        "thousands of extensions",
                        AcceptedHellos.unknownExtensions(naming(HOST), 4000).bytes(),
                        MALFORMED),
                arguments(
                        "a pre-shared key before another extension",
                        naming(HOST).extension(41, "00").extension(9, "").bytes(),
                        MALFORMED),
                arguments("no versions", versions("00"), MALFORMED),
                arguments("half a version", versions("0303" + "0403"), MALFORMED),
                arguments("bytes behind the versions", versions("020304" + "00"), MALFORMED),
                arguments("versions beyond the extension", versions("040304"), MALFORMED),
                arguments(
                        "a fault elsewhere beats the missing name",
                        bare().extension(43, "00").bytes(),
                        MALFORMED));
    }

    private static byte[] sni(String hex) {
        return bare().extension(0, hex).bytes();
    }

    private static byte[] protocols(String hex) {
        return naming(HOST).extension(16, HelloBytes.vector16(hex(hex))).bytes();
    }

    private static byte[] versions(String hex) {
        return bare().extension(0, serverName(HOST)).extension(43, hex).bytes();
    }

    private static byte[] half(byte[] message) {
        return Arrays.copyOf(message, message.length / 2);
    }

    /** Lowers the length in the message's header by one. */
    private static byte[] shortened(byte[] record) {
        record[8]--;
        return record;
    }

    private static byte[] lyingSessionId() {
        return concat(hex("0303"), new byte[32], hex("20"), new byte[20]);
    }
}
