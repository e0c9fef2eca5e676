package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyHeaderReading.NeedMore.NEED_MORE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeader;
import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeaderFault;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ProxyHeaderReaderTest {
    private static final String LINE = "PROXY TCP4 10.0.0.7 10.0.0.10 51234 3128\r\n";

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.AcceptedProxyHeaders#all")
    void accepts(String name, String header, Optional<InetSocketAddress> source) {
        for (String behind : List.of("CONNECT a.b:443 HTTP/1.1\r\n", "\u0016\u0003\u0001", LINE, "\0\r\n")) {
            ProxyHeaderRun run = atEverySegmentation(header + behind);

            assertThat(run.reading()).isEqualTo(new ProxyHeader(source));
            assertThat(run.consumed()).as("what is behind stays where it is").isEqualTo(header.length());
        }
        assertThat(ProxyHeaderReader.looksLikeHeader(buffer(header))).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.AcceptedProxyHeaders#all")
    void agrees_with_the_model(String name, String header, Optional<InetSocketAddress> source) {
        assertThat(ProxyHeaderModel.read(bytes(header + "CONNECT")))
                .isEqualTo(new ProxyHeaderModel.Header(header.length(), source));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.AcceptedProxyHeaders#all")
    void waits_for_the_last_byte_and_takes_an_end_before_it_for_a_fault(
            String name, String header, Optional<InetSocketAddress> source) {
        for (int length = 0; length < header.length(); length += Math.max(1, header.length() / 200)) {
            var reader = new ProxyHeaderReader();
            assertThat(reader.read(buffer(header.substring(0, length)))).isEqualTo(NEED_MORE);
            assertThat(reader.untouched()).isEqualTo(length == 0);
            assertThat(reader.end()).isInstanceOf(ProxyHeaderFault.class);
        }
        assertThat(ProxyHeaderRun.whole(bytes(header.substring(0, header.length() - 1)))
                        .reading())
                .isEqualTo(NEED_MORE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.RefusedProxyHeaders#all")
    void refuses_with_the_byte_that_makes_it_certain(String name, String bytes) {
        ProxyHeaderRun run = atEverySegmentation(bytes + "zz");

        assertThat(run.reading())
                .isInstanceOfSatisfying(
                        ProxyHeaderFault.class,
                        fault -> assertThat(fault.problem()).matches("[A-Z][ -~]+\\."));
        assertThat(run.consumed()).isEqualTo(bytes.length());
        assertThat(ProxyHeaderModel.read(bytes(bytes + "zz"))).isEqualTo(ProxyHeaderModel.Header.NONE);
    }

    @Test
    void problems_hold_nothing_of_what_was_sent() {
        String words = RefusedProxyHeaders.all()
                .map(row -> ProxyHeaderRun.whole(bytes((String) row.get()[1])).reading())
                .map(reading -> ((ProxyHeaderFault) reading).problem())
                .collect(Collectors.joining("\n"));

        assertThat(words).doesNotContain("10.0.0", "51234", "fd00", "dead", "QUIT");
    }

    @Test
    void an_ipv4_mapped_source_is_the_ipv4_address_and_no_other() {
        ProxyHeader header =
                (ProxyHeader) ProxyHeaderRun.whole(bytes("PROXY TCP6 ::ffff:10.0.0.7 ::ffff:10.0.0.10 1 2\r\n"))
                        .reading();

        assertThat(header.source().orElseThrow().getAddress()).isInstanceOf(Inet4Address.class);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "PROXY TCP4 1, true",
        "PROXY UNKNOWN, true",
        "'PROXY ', true",
        "PROXY, false",
        "PROXYTCP4, false",
        "proxy tcp4, false",
        "CONNECT a:443, false",
        "'', false",
    })
    void tells_a_header_of_version_1_by_its_beginning(String beginning, boolean looks) {
        ByteBuffer bytes = buffer(beginning);

        assertThat(ProxyHeaderReader.looksLikeHeader(bytes)).isEqualTo(looks);
        assertThat(bytes.position()).as("takes nothing").isZero();
    }

    @Test
    void tells_a_header_of_version_2_by_its_beginning() {
        assertThat(ProxyHeaderReader.looksLikeHeader(buffer(ProxyBytes.SIGNATURE)))
                .isTrue();
        assertThat(ProxyHeaderReader.looksLikeHeader(buffer("\r\n\r\n\0\r"))).isTrue();
        assertThat(ProxyHeaderReader.looksLikeHeader(buffer("\r\n\r\n\0"))).isFalse();
        assertThat(ProxyHeaderReader.looksLikeHeader(buffer("\r\n\r\nCONNECT"))).isFalse();
    }

    @Test
    void looks_at_what_is_left_of_a_buffer_only() {
        ByteBuffer bytes = buffer("xx" + LINE);
        assertThat(ProxyHeaderReader.looksLikeHeader(bytes)).isFalse();
        bytes.position(2);
        assertThat(ProxyHeaderReader.looksLikeHeader(bytes)).isTrue();
    }

    @Test
    void reads_nothing_after_it_has_decided() {
        for (String decided : new String[] {LINE, "CONNECT"}) {
            var reader = new ProxyHeaderReader();
            assertThat(reader.read(buffer(decided))).isNotEqualTo(NEED_MORE);
            assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(0))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(reader::end).isInstanceOf(IllegalStateException.class);
        }
    }

    /** Asserts that the cuts do not matter, and gives the result. */
    private static ProxyHeaderRun atEverySegmentation(String text) {
        byte[] bytes = bytes(text);
        ProxyHeaderRun whole = ProxyHeaderRun.whole(bytes);
        assertThat(ProxyHeaderRun.single(bytes)).as("byte by byte").isEqualTo(whole);
        for (int at = 0; at < Math.min(bytes.length, 130); at++) {
            assertThat(ProxyHeaderRun.cut(bytes, List.of(at)))
                    .as("split at %d", at)
                    .isEqualTo(whole);
        }
        return whole;
    }

    private static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
