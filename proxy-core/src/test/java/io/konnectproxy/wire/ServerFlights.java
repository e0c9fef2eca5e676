package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloBytes.concat;
import static io.konnectproxy.wire.HelloBytes.hex;
import static io.konnectproxy.wire.HelloBytes.message;
import static io.konnectproxy.wire.HelloBytes.record;
import static io.konnectproxy.wire.HelloBytes.records;
import static io.konnectproxy.wire.ServerHelloReading.HELLO_RETRY_REQUEST;
import static io.konnectproxy.wire.ServerHelloReading.NEED_MORE;
import static io.konnectproxy.wire.ServerHelloReading.OTHER;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What a server may begin with. */
public final class ServerFlights {
    private static final byte[] WARNING = hex("1503030002" + "0170");
    private static final byte[] CHANGE_CIPHER_SPEC = hex("140303000101");
    private static final byte[] EMPTY = hex("1603030000");
    private static final byte[] HELLO_REQUEST = message(0, new byte[0]);
    private static final byte[] RETRY = message(2, body(retryRandom()));

    private ServerFlights() {}

    /** What asks for a second ClientHello with this group: the message in one record. */
    public static byte[] helloRetryRequest() {
        return record(RETRY);
    }

    static Stream<Arguments> all() {
        return Stream.concat(retries(), others());
    }

    private static Stream<Arguments> retries() {
        return Stream.of(
                arguments("a HelloRetryRequest", record(RETRY), HELLO_RETRY_REQUEST),
                arguments(
                        "a HelloRetryRequest and a change_cipher_spec",
                        concat(record(RETRY), hex("140303000101")),
                        HELLO_RETRY_REQUEST),
                arguments("cut behind the type", records(RETRY, 1), HELLO_RETRY_REQUEST),
                arguments("cut inside the random", records(RETRY, 20), HELLO_RETRY_REQUEST),
                arguments("one byte a record", records(RETRY, HelloBytes.ones(RETRY.length - 1)), HELLO_RETRY_REQUEST),
                arguments("behind a warning", concat(WARNING, WARNING, record(RETRY)), HELLO_RETRY_REQUEST),
                arguments(
                        "behind two warnings in a record",
                        concat(hex("1503030004" + "01700170"), record(RETRY)),
                        HELLO_RETRY_REQUEST),
                arguments(
                        "behind a change_cipher_spec", concat(CHANGE_CIPHER_SPEC, record(RETRY)), HELLO_RETRY_REQUEST),
                arguments("behind an empty record", concat(EMPTY, record(RETRY)), HELLO_RETRY_REQUEST),
                arguments("behind a HelloRequest", concat(record(HELLO_REQUEST), record(RETRY)), HELLO_RETRY_REQUEST),
                arguments("in one record with it", record(concat(HELLO_REQUEST, RETRY)), HELLO_RETRY_REQUEST),
                arguments(
                        "behind one byte a record of it",
                        concat(records(HELLO_REQUEST, 1, 1, 1), record(RETRY)),
                        HELLO_RETRY_REQUEST),
                arguments(
                        "behind all of them",
                        concat(
                                CHANGE_CIPHER_SPEC,
                                EMPTY,
                                WARNING,
                                record(HELLO_REQUEST),
                                CHANGE_CIPHER_SPEC,
                                record(RETRY)),
                        HELLO_RETRY_REQUEST),
                arguments(
                        "with all of them inside",
                        concat(
                                record(Arrays.copyOf(RETRY, 20)),
                                CHANGE_CIPHER_SPEC,
                                EMPTY,
                                WARNING,
                                record(Arrays.copyOfRange(RETRY, 20, RETRY.length))),
                        HELLO_RETRY_REQUEST),
                arguments("up to the random's last byte", begun(38), HELLO_RETRY_REQUEST),
                arguments("without the random's last byte", begun(37), NEED_MORE),
                arguments("a warning alone", WARNING, NEED_MORE),
                arguments("a change_cipher_spec alone", CHANGE_CIPHER_SPEC, NEED_MORE),
                arguments("an empty record alone", EMPTY, NEED_MORE),
                arguments("a HelloRequest alone", record(HELLO_REQUEST), NEED_MORE),
                arguments("nothing", new byte[0], NEED_MORE));
    }

    private static Stream<Arguments> others() {
        byte[] almost = retryRandom();
        almost[31]++;
        return Stream.of(
                arguments("a ServerHello", record(message(2, body(new byte[32]))), OTHER),
                arguments("a random that differs in its last byte", record(message(2, body(almost))), OTHER),
                arguments("a random that differs in its first byte", hex("160303004a" + "020000460303" + "ce"), OTHER),
                arguments("another message", record(message(4, body(retryRandom()))), OTHER),
                arguments("a fatal alert", hex("1503030002" + "0228"), OTHER),
                arguments("a fatal alert behind a warning in its record", hex("1503030004" + "01700228"), OTHER),
                arguments("a HelloRequest with a body", record(hex("00000001" + "00")), OTHER),
                arguments(
                        "a fatal alert inside the message",
                        concat(record(Arrays.copyOf(RETRY, 20)), hex("1503030002" + "0228")),
                        OTHER),
                arguments("application data", hex("17"), OTHER),
                arguments("a record of no TLS version", hex("1602"), OTHER),
                arguments("HTTP", "HTTP/1.1 400 Bad Request\r\n".getBytes(ISO_8859_1), OTHER),
                arguments("SSH", "SSH-2.0-OpenSSH_9.6\r\n".getBytes(ISO_8859_1), OTHER));
    }

    /** A record that breaks off behind so many bytes of the message. */
    private static byte[] begun(int end) {
        return Arrays.copyOf(record(RETRY), 5 + end);
    }

    /** With an empty session id and the group P-384. */
    private static byte[] body(byte[] random) {
        return concat(hex("0303"), random, hex("00" + "1301" + "00" + "000c" + "002b00020304" + "003300020018"));
    }

    private static byte[] retryRandom() {
        try {
            return MessageDigest.getInstance("SHA-256").digest("HelloRetryRequest".getBytes(ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
