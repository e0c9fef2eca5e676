package io.konnectproxy.server.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.target.Authority;
import io.konnectproxy.wire.ConnectHeadReader;
import io.konnectproxy.wire.Credentials;
import io.konnectproxy.wire.Credentials.Basic;
import io.konnectproxy.wire.HeadReading;
import io.konnectproxy.wire.HeadReading.ConnectHead;
import io.konnectproxy.wire.HeadReading.HeadFault;
import io.konnectproxy.wire.RequestTarget;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.util.NetUtil;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link ConnectHeadReader} beside Netty's HTTP decoder, at its strictest and at its most lenient, and beside two readers
 * of URLs.
 *
 * <p>To agree means: a CONNECT, the same target byte for byte, the same end of the head, and in the fields nothing that
 * would lead a reader elsewhere: no other Host, no body, no other credentials. So where Netty fails, waits or reads anything else, ours must not
 * accept. No rule leaves a head out; only the limit on its size is set to ours, for Netty's own is smaller.
 *
 * <p>Ours is the stricter one: the other way round holds for well-formed heads only, and what is surely malformed ours must
 * refuse whatever Netty says.
 */
final class DifferentialHeadTest {
    private static final int LIMIT = 16 * 1024;
    private static final Generator<HeadSketch> HEADS =
            new Generator<>(WellFormedHead::draw, HeadSketch::bytes, List.of(HeadMutation.values()));

    private static HttpDecoderConfig strict() {
        return new HttpDecoderConfig()
                .setMaxHeaderSize(LIMIT)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true);
    }

    private static HttpDecoderConfig lenient() {
        return new HttpDecoderConfig()
                .setMaxHeaderSize(LIMIT)
                .setStrictLineParsing(false)
                .setValidateHeaders(false)
                .setAllowDuplicateContentLengths(true)
                .setUseRfc9112TransferEncoding(false);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.konnectproxy.server.differential.Generator#seeds")
    void what_ours_accepts_netty_reads_alike(long seed) {
        Tally tally = new Tally();
        HEADS.inputs(seed, Generator.INPUTS).forEach(input -> {
            OurHead ours = OurHead.read(input.bytes());
            NettyHead strict = NettyHead.read(input.segments(), strict());
            NettyHead lenient = NettyHead.read(List.of(input.bytes()), lenient());
            switch (input.form()) {
                case WELL_FORMED -> assertThat(ours.outcome()).as("%s", input).isEqualTo("accepted");
                case MALFORMED -> assertThat(ours.outcome()).as("%s", input).isNotEqualTo("accepted");
                case UNKNOWN -> {}
            }
            if (ours.reading() instanceof ConnectHead head) {
                requireAlike(input, ours, strict);
                requireAlike(input, ours, lenient);
                requireSameCredentials(input, head.credentials(), strict);
                requireSameCredentials(input, head.credentials(), lenient);
                tally.count(head.credentials().getClass().getSimpleName());
            }
            input.mutations().forEach(tally::count);
            tally.count(input.form().name());
            tally.count(ours.outcome());
            tally.count(ours.outcome() + ", by Netty " + strict.state());
        });
        tally.requireOneIn(4, Generator.INPUTS, "accepted");
        tally.requireOneIn(4, Generator.INPUTS, "refused");
        tally.requireOneIn(20, Generator.INPUTS, "MALFORMED");
        tally.requireOneIn(8, Generator.INPUTS, "refused, by Netty FAILED");
        tally.requireOneIn(8, Generator.INPUTS, "refused, by Netty READ");
        tally.requireOneIn(30, Generator.INPUTS, "Basic");
        tally.requireOneIn(30, Generator.INPUTS, "Unreadable");
        tally.requireEach(HEADS.namesOfMutations());
    }

    private static void requireAlike(Input<HeadSketch> input, OurHead ours, NettyHead netty) {
        assertThat(netty.state()).as("%s", input).isEqualTo(NettyHead.State.READ);
        assertThat(netty.method()).as("%s", input).isEqualTo("CONNECT");
        assertThat(netty.uri()).as("%s", input).isEqualTo(ours.asked());
        assertThat(netty.leftOver()).as("%s", input).isEqualTo(ours.leftOver());
        String host = ours.asked().substring(0, ours.asked().lastIndexOf(':'));
        assertThat(netty.headers().getAll("Host"))
                .as("%s", input)
                .hasSizeLessThan(2)
                .allMatch(value -> value.equalsIgnoreCase(ours.asked()) || value.equalsIgnoreCase(host));
        assertThat(netty.headers().getAll("Content-Length"))
                .as("%s", input)
                .hasSizeLessThan(2)
                .allMatch("0"::equals);
        assertThat(netty.headers().contains("Transfer-Encoding"))
                .as("%s", input)
                .isFalse();
    }

    /** What ours reads is what OkHttp would have sent; what it can't read must at least be there. */
    private static void requireSameCredentials(Input<HeadSketch> input, Credentials ours, NettyHead netty) {
        List<String> fields = netty.headers().getAll("Proxy-Authorization");
        if (ours instanceof Basic basic) {
            String user = new String(basic.user().getBytes(UTF_8), ISO_8859_1);
            String password = new String(basic.password(), ISO_8859_1);
            assertThat(fields)
                    .as("%s", input)
                    .singleElement()
                    .asString()
                    .startsWithIgnoringCase("Basic ")
                    .endsWith(okhttp3.Credentials.basic(user, password).substring("Basic".length()));
        } else {
            assertThat(fields.isEmpty()).as("%s", input).isEqualTo(ours == Credentials.None.NONE);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.konnectproxy.server.differential.Generator#seeds")
    void what_ours_accepts_url_readers_read_alike(long seed) {
        Tally tally = new Tally();
        HEADS.inputs(seed, Generator.INPUTS).forEach(input -> {
            OurHead ours = OurHead.read(input.bytes());
            if (ours.reading() instanceof ConnectHead head && head.target() instanceof Authority authority) {
                assertThat(folded(ours.asked())).as("%s", input).isEqualTo(authority.toString());
                assertThat(NetUtil.createByteArrayFromIpAddressString(
                                authority.host().toString()))
                        .as("no address: %s", input)
                        .isNull();
                requireJdkReads(input, authority, URI.create("https://" + ours.asked()));
                requireOkHttpReads(input, authority, HttpUrl.parse("https://" + ours.asked()));
                tally.count("read");
            }
        });
        tally.requireOneIn(6, Generator.INPUTS, "read");
    }

    /** The JDK still holds that the last of several labels begins with a letter (RFC 2396), and gives no host else. */
    private static void requireJdkReads(Input<HeadSketch> input, Authority authority, URI uri) {
        List<String> labels = authority.host().labels();
        boolean readable = labels.size() == 1
                || Character.isLetter(labels.get(labels.size() - 1).charAt(0));
        assertThat(Optional.ofNullable(uri.getHost()).map(DifferentialHeadTest::folded))
                .as("%s", input)
                .isEqualTo(readable ? Optional.of(authority.host().toString()) : Optional.empty());
        assertThat(uri.getPort()).as("%s", input).isEqualTo(readable ? authority.port() : -1);
    }

    /** OkHttp takes A-labels for Punycode and refuses the URL when they are none. */
    private static void requireOkHttpReads(Input<HeadSketch> input, Authority authority, @Nullable HttpUrl url) {
        if (url == null) {
            assertThat(authority.host().labels()).as("%s", input).anyMatch(label -> label.startsWith("xn--"));
        } else {
            assertThat(url.host()).as("%s", input).isEqualTo(authority.host().toString());
            assertThat(url.port()).as("%s", input).isEqualTo(authority.port());
        }
    }

    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** What our reader says, of which target, and what it leaves. */
    private record OurHead(HeadReading reading, String asked, String leftOver) {
        static OurHead read(byte[] bytes) {
            var reader = new ConnectHeadReader(LIMIT);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            HeadReading reading = reader.read(buffer);
            return new OurHead(
                    reading,
                    reader.asked().map(RequestTarget::text).orElse(""),
                    new String(bytes, buffer.position(), buffer.remaining(), ISO_8859_1));
        }

        String outcome() {
            return reading instanceof ConnectHead ? "accepted" : reading instanceof HeadFault ? "refused" : "undecided";
        }
    }
}
