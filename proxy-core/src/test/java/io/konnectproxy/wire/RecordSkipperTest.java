package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloBytes.concat;
import static io.konnectproxy.wire.HelloBytes.hex;
import static io.konnectproxy.wire.HelloBytes.naming;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RecordSkipperTest {
    private static final byte[] HELLO = naming("us.api.konghq.com").bytes();
    private static final byte[] CHANGE_CIPHER_SPEC = hex("140303000101");
    private static final byte[] EARLY_DATA = concat(hex("1703030140"), new byte[320]);
    private static final byte[] ALERT = hex("15030300020100");

    static Stream<Arguments> skipped() {
        return Stream.of(
                arguments("nothing", new byte[0]),
                arguments("a change_cipher_spec", CHANGE_CIPHER_SPEC),
                arguments("early data", concat(CHANGE_CIPHER_SPEC, EARLY_DATA, EARLY_DATA)),
                arguments("early data with what looks like a hello inside", concat(hex("17030300ff"), HELLO)),
                arguments("an alert", ALERT),
                arguments("empty records", hex("1703030000" + "1503030000")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("skipped")
    void skips(String name, byte[] between) {
        assertThat(atEverySegmentation(concat(HELLO, between))).isEqualTo(HELLO.length + between.length);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("skipped")
    void stops_before_a_second_hello_behind(String name, byte[] between) {
        byte[] whole = between.length > 5 && between[5] == 22 ? Arrays.copyOf(between, 5 + 255) : between;
        assertThat(atEverySegmentation(concat(HELLO, whole, HELLO))).isEqualTo(HELLO.length + whole.length);
    }

    @Test
    void stops_at_handshake_records_only_and_strays_at_those_that_are_none_of_tls_1_3() {
        List<Integer> stopping = new ArrayList<>();
        List<Integer> skipped = new ArrayList<>();
        for (int type = 0; type < 256; type++) {
            var skipper = new RecordSkipper(0);
            ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) type, 3, 3, 0});
            skipper.skip(bytes);
            if (bytes.hasRemaining()) {
                stopping.add(type);
            } else if (!skipper.hasStrayed()) {
                skipped.add(type);
            }
        }
        assertThat(stopping).containsExactly(22);
        assertThat(skipped).containsExactly(20, 21, 23);
    }

    @Test
    void strays_at_a_record_that_is_too_long_and_skips_whatever_follows() {
        for (String header : List.of("1703034100", "1703034101")) {
            var skipper = new RecordSkipper(0);
            skipper.skip(ByteBuffer.wrap(hex(header)));
            assertThat(skipper.hasStrayed()).isEqualTo(header.endsWith("01"));
        }
        byte[] strayed = concat(HELLO, hex("1703034101"), HELLO);
        assertThat(atEverySegmentation(strayed)).isEqualTo(strayed.length);
    }

    private static int atEverySegmentation(byte[] bytes) {
        int whole = skip(bytes, List.of());
        assertThat(skip(bytes, Cuts.everywhere(bytes))).as("byte by byte").isEqualTo(whole);
        for (int at = 1; at < bytes.length; at++) {
            assertThat(skip(bytes, List.of(at))).as("cut at %d", at).isEqualTo(whole);
        }
        return whole;
    }

    private static int skip(byte[] bytes, List<Integer> cuts) {
        return skip(HELLO.length, bytes, cuts);
    }

    /** How many bytes are skipped before it stops. */
    static int skip(int first, byte[] bytes, List<Integer> cuts) {
        var skipper = new RecordSkipper(first);
        return Cuts.feed(bytes, cuts, true, piece -> {
                    skipper.skip(piece);
                    return !piece.hasRemaining();
                })
                .consumed();
    }

    @Test
    void stays_where_it_has_stopped() {
        var skipper = new RecordSkipper(0);
        ByteBuffer bytes = ByteBuffer.wrap(HELLO);
        skipper.skip(bytes);
        skipper.skip(bytes);
        assertThat(bytes.position()).isZero();
    }
}
