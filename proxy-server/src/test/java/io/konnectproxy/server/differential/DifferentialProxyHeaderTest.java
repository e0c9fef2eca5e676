package io.konnectproxy.server.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.wire.ProxyHeaderReader;
import io.konnectproxy.wire.ProxyHeaderReading;
import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeader;
import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeaderFault;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link ProxyHeaderReader} beside Netty's decoder of the same protocol. To agree means: the same client, or that the peer is
 * the client, and the same end of the header. Where Netty fails or waits, ours must not accept, with three exceptions that the
 * specifications make: a port of a line may be 0, any IPv6 address may end in IPv4 (RFC 4291, section 2.2), and what is inside
 * a vector of TLS facts is not ours to look into.
 *
 * <p>Ours is the stricter one: the other way round holds for well-formed headers only.
 */
final class DifferentialProxyHeaderTest {
    /** Headers are simpler than what else is compared. */
    private static final int INPUTS = Generator.INPUTS / 4;

    private static final Generator<ProxySketch> LINES =
            new Generator<>(ProxySketch::line, ProxySketch::bytes, List.of(ProxyLineMutation.values()));
    private static final Generator<ProxySketch> BLOCKS =
            new Generator<>(ProxySketch::block, ProxySketch::bytes, List.of(ProxyBlockMutation.values()));

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.konnectproxy.server.differential.Generator#seeds")
    void what_ours_accepts_of_version_1_netty_reads_alike(long seed) {
        compare(LINES, seed, DifferentialProxyHeaderTest::hasPort0OrEndsInIpv4);
    }

    private static boolean hasPort0OrEndsInIpv4(String line) {
        return line.contains(" 0 ") || line.endsWith(" 0\r\n") || (line.contains(":") && line.contains("."));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.konnectproxy.server.differential.Generator#seeds")
    void what_ours_accepts_of_version_2_netty_reads_alike(long seed) {
        compare(BLOCKS, seed, DifferentialProxyHeaderTest::hasVectorOfTlsFacts);
    }

    private static boolean hasVectorOfTlsFacts(String block) {
        int at = 16 + (block.charAt(13) == 0x11 ? 12 : 36);
        while (at < block.length() && block.charAt(at) != 0x20) {
            at += 3 + block.charAt(at + 1) * 256 + block.charAt(at + 2);
        }
        return at < block.length();
    }

    /** @param exempt of which headers Netty may think otherwise */
    private static void compare(Generator<ProxySketch> headers, long seed, Predicate<String> exempt) {
        Tally tally = new Tally();
        headers.inputs(seed, INPUTS).forEach(input -> {
            OurHeader ours = OurHeader.read(input.bytes());
            NettyProxyHeader netty = NettyProxyHeader.read(input.segments());
            switch (input.form()) {
                case WELL_FORMED -> assertThat(ours.outcome()).as("%s", input).isEqualTo("accepted");
                case MALFORMED -> assertThat(ours.outcome()).as("%s", input).isNotEqualTo("accepted");
                case UNKNOWN -> {}
            }
            if (ours.reading() instanceof ProxyHeader header) {
                if (netty.state() != NettyProxyHeader.State.READ) {
                    assertThat(ours.text()).as("%s", input).matches(exempt);
                    tally.count("exempt");
                } else {
                    assertThat(netty.source()).as("%s", input).isEqualTo(header.source());
                    assertThat(netty.leftOver()).as("%s", input).isEqualTo(ours.leftOver());
                    tally.count("alike");
                }
            }
            input.mutations().forEach(tally::count);
            tally.count(input.form().name());
            tally.count(ours.outcome());
            tally.count(ours.outcome() + ", by Netty " + netty.state());
        });
        tally.requireOneIn(4, INPUTS, "alike");
        tally.requireOneIn(4, INPUTS, "refused");
        tally.requireOneIn(25, INPUTS, "MALFORMED");
        tally.requireOneIn(50, INPUTS, "refused, by Netty READ");
        tally.requireOneIn(10, INPUTS, "refused, by Netty FAILED");
        tally.requireEach(headers.namesOfMutations());
        tally.requireAtMostOneIn(10, INPUTS, "exempt");
    }

    /** What our reader says, of which bytes, and what it leaves. */
    private record OurHeader(ProxyHeaderReading reading, String text, String leftOver) {
        static OurHeader read(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            ProxyHeaderReading reading = new ProxyHeaderReader().read(buffer);
            return new OurHeader(
                    reading,
                    new String(bytes, 0, buffer.position(), ISO_8859_1),
                    new String(bytes, buffer.position(), buffer.remaining(), ISO_8859_1));
        }

        String outcome() {
            return reading instanceof ProxyHeader
                    ? "accepted"
                    : reading instanceof ProxyHeaderFault ? "refused" : "undecided";
        }
    }
}
