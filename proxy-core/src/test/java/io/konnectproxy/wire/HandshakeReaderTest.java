package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloBytes.concat;
import static io.konnectproxy.wire.HelloBytes.hex;
import static io.konnectproxy.wire.HelloBytes.message;
import static io.konnectproxy.wire.HelloBytes.record;
import static io.konnectproxy.wire.HelloBytes.records;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.wire.HandshakeReading.End;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeReaderTest {
    /** Bytes of one side. */
    static final class Flight {
        private final boolean up;
        private final byte[] bytes;

        Flight(boolean up, byte[] bytes) {
            this.up = up;
            this.bytes = bytes;
        }

        boolean up() {
            return up;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    private static final Flight HELLO = up(record(message(1, new byte[60])));
    private static final byte[] HELLO_12 = serverHello("0303", 7, "c02f", "");
    private static final byte[] HELLO_13 = serverHello("0303", 7, "1301", "002b00020304" + "00330002001d");
    private static final byte[] CCS = hex("140303000101");
    private static final byte[] DOWN_12 = concat(HELLO_12, record(message(11, new byte[900])));
    private static final byte[] FINISHED_12 = concat(CCS, encrypted(22, 40));
    private static final byte[] DOWN_13 =
            concat(HELLO_13, CCS, encrypted(23, 27), encrypted(23, 900), encrypted(23, 53));
    private static final byte[] PADDED =
            concat(HELLO_13, CCS, encrypted(23, 43), encrypted(23, 900), encrypted(23, 69));
    private static final byte[] FINISHED = concat(CCS, encrypted(23, 53));
    private static final byte[] CERTIFIED = concat(CCS, encrypted(23, 900), encrypted(23, 281), encrypted(23, 53));
    private static final byte[] HIDDEN_ALERT = encrypted(23, 19);
    private static final byte[] TICKETS = encrypted(23, 250);
    private static final byte[] DATA = encrypted(23, 300);

    static Stream<Arguments> handshakes() {
        return Stream.of(
                comes("a ClientHello", End.UNFINISHED, null, HELLO),
                comes(
                        "no TLS comes back",
                        End.UNFINISHED,
                        null,
                        HELLO,
                        down("HTTP/1.1 400 Bad\r\n".getBytes(US_ASCII))),
                comes("a fatal alert of the server", End.SERVER_ALERT, "handshake_failure", HELLO, down(alert(2, 40))),
                comes("an alert without a name", End.SERVER_ALERT, "200", HELLO, down(alert(2, 200))),
                comes("a warning", End.UNFINISHED, null, HELLO, down(alert(1, 112))),
                comes("an alert of the client", End.CLIENT_ALERT, "user_canceled", HELLO, up(alert(1, 90))),
                // TLS 1.2
                comes(
                        "1.2, completed",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(DOWN_12),
                        up(FINISHED_12),
                        down(FINISHED_12),
                        up(DATA)),
                comes(
                        "1.2, resumed",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(concat(HELLO_12, FINISHED_12)),
                        up(concat(FINISHED_12, DATA))),
                comes(
                        "1.2, data comes down first",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(DOWN_12),
                        up(FINISHED_12),
                        down(concat(FINISHED_12, DATA))),
                comes("1.2, data too early", End.UNFINISHED, null, HELLO, down(DOWN_12), up(concat(FINISHED_12, DATA))),
                comes(
                        "1.2, without data",
                        End.UNFINISHED,
                        null,
                        HELLO,
                        down(DOWN_12),
                        up(FINISHED_12),
                        down(FINISHED_12)),
                comes("1.2, distrusted", End.CLIENT_ALERT, "unknown_ca", HELLO, down(DOWN_12), up(alert(2, 48))),
                comes(
                        "1.2, a warning first",
                        End.SERVER_ALERT,
                        "bad_certificate",
                        HELLO,
                        down(DOWN_12),
                        up(FINISHED_12),
                        down(concat(alert(1, 41), alert(2, 42)))),
                comes(
                        "1.2, an encrypted alert",
                        End.CLIENT_ALERT,
                        null,
                        HELLO,
                        down(DOWN_12),
                        up(FINISHED_12),
                        down(FINISHED_12),
                        up(encrypted(21, 26))),
                // TLS 1.3
                comes(
                        "1.3, completed",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(FINISHED),
                        down(TICKETS),
                        up(DATA)),
                comes(
                        "1.3, data before the tickets",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(concat(FINISHED, DATA)),
                        down(TICKETS)),
                comes(
                        "1.3, data and no word back",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(concat(FINISHED, DATA))),
                comes(
                        "1.3, data of two bytes",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(FINISHED),
                        down(TICKETS),
                        up(concat(HIDDEN_ALERT, DATA))),
                comes(
                        "1.3, data, and close_notify",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(concat(FINISHED, DATA, HIDDEN_ALERT)),
                        down(HIDDEN_ALERT)),
                comes(
                        "1.3, with a certificate",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(concat(CERTIFIED, DATA)),
                        down(TICKETS)),
                comes(
                        "1.3, a flight in one record",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(concat(CCS, encrypted(23, 1234), DATA)),
                        down(DATA)),
                comes("1.3, without data", End.UNFINISHED, null, HELLO, down(DOWN_13), up(FINISHED), down(TICKETS)),
                comes(
                        "1.3, with a certificate, without data",
                        End.UNFINISHED,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(CERTIFIED),
                        down(TICKETS)),
                comes("1.3, nothing after the server's flight", End.UNFINISHED, null, HELLO, down(DOWN_13)),
                comes(
                        "1.3, distrusted, in clear",
                        End.CLIENT_ALERT,
                        "unknown_ca",
                        HELLO,
                        down(DOWN_13),
                        up(alert(2, 48))),
                comes(
                        "1.3, distrusted, encrypted",
                        End.CLIENT_ALERT,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(concat(CCS, HIDDEN_ALERT))),
                comes(
                        "1.3, close_notify without data",
                        End.CLIENT_ALERT,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(FINISHED),
                        down(TICKETS),
                        up(HIDDEN_ALERT)),
                comes(
                        "1.3, its certificate is refused",
                        End.SERVER_ALERT,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(CERTIFIED),
                        down(HIDDEN_ALERT)),
                comes(
                        "1.3, refused behind data",
                        End.SERVER_ALERT,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(concat(CERTIFIED, DATA)),
                        down(HIDDEN_ALERT)),
                comes(
                        "1.3, an alert of the server in its flight",
                        End.SERVER_ALERT,
                        null,
                        HELLO,
                        down(concat(HELLO_13, CCS, HIDDEN_ALERT))),
                comes(
                        "1.3, the server says two bytes and goes on",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(concat(FINISHED, DATA)),
                        down(concat(HIDDEN_ALERT, DATA))),
                comes(
                        "1.3, an unknown cipher suite",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(concat(serverHello("0303", 7, "c0b4", "002b00020304"), encrypted(23, 53))),
                        up(FINISHED),
                        down(HIDDEN_ALERT)),
                comes(
                        "1.3, early data",
                        End.COMPLETED,
                        null,
                        HELLO,
                        up(concat(HIDDEN_ALERT, DATA)),
                        down(DOWN_13),
                        up(concat(encrypted(23, 21), FINISHED, DATA)),
                        down(TICKETS)),
                comes(
                        "1.3, after a HelloRetryRequest",
                        End.CLIENT_ALERT,
                        "bad_certificate",
                        HELLO,
                        down(concat(ServerFlights.helloRetryRequest(), CCS)),
                        up(concat(CCS, HELLO.bytes())),
                        down(DOWN_13),
                        up(alert(2, 42))),
                comes(
                        "1.3, the ServerHello in many records",
                        End.CLIENT_ALERT,
                        "bad_certificate",
                        HELLO,
                        down(records(Arrays.copyOfRange(HELLO_13, 5, HELLO_13.length), 1, 20, 50)),
                        up(alert(2, 42))),
                // The JDK pads.
                comes(
                        "1.3, padded, completed",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(PADDED),
                        up(concat(CCS, encrypted(23, 69), DATA)),
                        down(TICKETS)),
                comes(
                        "1.3, padded, without data",
                        End.UNFINISHED,
                        null,
                        HELLO,
                        down(PADDED),
                        up(concat(CCS, encrypted(23, 69))),
                        down(TICKETS)),
                comes(
                        "1.3, padded, distrusted",
                        End.CLIENT_ALERT,
                        null,
                        HELLO,
                        down(PADDED),
                        up(concat(CCS, encrypted(23, 35)))),
                comes(
                        "1.3, padded, close_notify without data",
                        End.CLIENT_ALERT,
                        null,
                        HELLO,
                        down(PADDED),
                        up(concat(CCS, encrypted(23, 69), encrypted(23, 35)))),
                comes(
                        "1.3, padded, no certificate",
                        End.SERVER_ALERT,
                        null,
                        HELLO,
                        down(PADDED),
                        up(concat(CCS, encrypted(23, 41), encrypted(23, 69))),
                        down(encrypted(23, 35))),
                comes(
                        "1.3, data as long as a padded alert",
                        End.COMPLETED,
                        null,
                        HELLO,
                        down(DOWN_13),
                        up(concat(FINISHED, encrypted(23, 35)))),
                // What nobody says.
                comes("a record of no type", End.UNFINISHED, null, HELLO, down(hex("1803030001ff")), up(alert(2, 48))),
                comes(
                        "a record that is too long",
                        End.UNFINISHED,
                        null,
                        HELLO,
                        down(hex("1603035000")),
                        up(alert(2, 48))),
                comes("no version of TLS", End.UNFINISHED, null, HELLO, down(hex("1602030004")), up(alert(2, 48))),
                comes(
                        "a ServerHello with a long session id",
                        End.UNFINISHED,
                        null,
                        HELLO,
                        down(record(concat(hex("020000600303"), new byte[32], hex("21")))),
                        up(alert(2, 48))),
                comes(
                        "a ServerHello of no length",
                        End.UNFINISHED,
                        null,
                        HELLO,
                        down(record(concat(hex("020000000303"), new byte[33]))),
                        up(alert(2, 48))));
    }

    private static Arguments comes(String name, End end, @Nullable String alert, Flight... flights) {
        return arguments(name, List.of(flights), new HandshakeReading(end, Optional.ofNullable(alert)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handshakes")
    void tells(String name, List<Flight> flights, HandshakeReading expected) {
        assertThat(read(flights, Integer.MAX_VALUE)).isEqualTo(expected);
        assertThat(read(flights, 1)).as("byte by byte").isEqualTo(expected);
        assertThat(read(flights, 7)).as("in pieces").isEqualTo(expected);
    }

    @Test
    void stays_with_what_is_certain_and_reads_no_more() {
        HandshakeReader reader = new HandshakeReader();
        reader.up(ByteBuffer.wrap(HELLO.bytes()));
        assertThat(reader.isDone()).isFalse();
        reader.down(ByteBuffer.wrap(alert(2, 40)));
        assertThat(reader.isDone()).isTrue();
        ByteBuffer more = ByteBuffer.wrap(alert(2, 48));
        reader.up(more);
        assertThat(more.hasRemaining()).isFalse();
        assertThat(reader.reading())
                .isEqualTo(new HandshakeReading(End.SERVER_ALERT, Optional.of("handshake_failure")));
    }

    /** Here the server's alert is an answer to a client that hung up. */
    @Test
    void what_comes_after_one_side_has_ended_changes_nothing() {
        HandshakeReader reader = new HandshakeReader();
        reader.up(ByteBuffer.wrap(HELLO.bytes()));
        reader.down(ByteBuffer.wrap(DOWN_12));
        reader.ended();
        reader.down(ByteBuffer.wrap(alert(2, 80)));
        assertThat(reader.reading()).isEqualTo(new HandshakeReading(End.UNFINISHED, Optional.empty()));
    }

    @Test
    void reads_a_bounded_amount() {
        for (byte[] hello : List.of(HELLO_12, HELLO_13)) {
            HandshakeReader reader = new HandshakeReader();
            reader.up(ByteBuffer.wrap(HELLO.bytes()));
            reader.down(ByteBuffer.wrap(hello));
            for (int sent = 0; sent <= HandshakeReader.MOST; sent += 5) {
                reader.down(ByteBuffer.wrap(encrypted(23, 0)));
            }
            assertThat(reader.isDone()).isTrue();
            assertThat(reader.reading().end()).isEqualTo(End.UNFINISHED);
        }
    }

    /** @param piece length of the pieces in which each flight comes */
    static HandshakeReading read(List<Flight> flights, int piece) {
        HandshakeReader reader = new HandshakeReader();
        for (Flight flight : flights) {
            for (int at = 0; at < flight.bytes().length; at += Math.min(piece, flight.bytes().length)) {
                ByteBuffer bytes = ByteBuffer.wrap(flight.bytes(), at, Math.min(piece, flight.bytes().length - at));
                if (flight.up()) {
                    reader.up(bytes);
                } else {
                    reader.down(bytes);
                }
            }
        }
        return reader.reading();
    }

    private static Flight up(byte[] bytes) {
        return new Flight(true, bytes);
    }

    private static Flight down(byte[] bytes) {
        return new Flight(false, bytes);
    }

    private static byte[] alert(int level, int code) {
        return new byte[] {21, 3, 3, 0, 2, (byte) level, (byte) code};
    }

    private static byte[] encrypted(int type, int length) {
        return concat(new byte[] {(byte) type, 3, 3, (byte) (length >> 8), (byte) length}, new byte[length]);
    }

    private static byte[] serverHello(String version, int random, String suite, String extensions) {
        byte[] list = hex(extensions);
        return record(message(
                2,
                concat(
                        hex(version),
                        new byte[31],
                        new byte[] {(byte) random, 32},
                        new byte[32],
                        hex(suite + "00"),
                        list.length == 0 ? list : new byte[] {0, (byte) list.length},
                        list)));
    }
}
