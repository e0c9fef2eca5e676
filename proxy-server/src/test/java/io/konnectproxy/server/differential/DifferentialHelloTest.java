package io.konnectproxy.server.differential;

import static io.konnectproxy.wire.HelloReading.NeedMore.NEED_MORE;
import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.wire.ClientHelloReader;
import io.konnectproxy.wire.HelloReading;
import io.konnectproxy.wire.HelloReading.ClientHello;
import io.konnectproxy.wire.HelloReading.HelloFault;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link ClientHelloReader} beside Netty's reader of server names and the JDK's TLS server.
 *
 * <p>To agree means: Netty names the name that ours names, letter for letter once ASCII capitals are folded, and both say
 * so at the same segment. So where Netty closes the connection, goes on as if no name had come, reads another or still
 * waits, ours must not accept. No rule leaves a hello out: none was found that ours takes and Netty can't read.
 *
 * <p>Ours is the stricter one: Netty takes the first of several names and looks at nothing behind it. The other way round
 * therefore holds for well-formed hellos only, and what is surely malformed ours must refuse whatever Netty says.
 */
final class DifferentialHelloTest {
    private static final int JDK_INPUTS = Generator.INPUTS / 4;
    private static final int GENUINE = 100;
    private static final Generator<HelloSketch> HELLOS =
            new Generator<>(WellFormedHello::draw, HelloSketch::bytes, List.of(HelloMutation.values()));

    private SSLContext tls;

    @BeforeEach
    void open() throws Exception {
        tls = SSLContext.getInstance("TLS");
        tls.init(null, null, null);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.konnectproxy.server.differential.Generator#seeds")
    void what_ours_accepts_netty_reads_alike(long seed) {
        Tally tally = new Tally();
        HELLOS.inputs(seed, Generator.INPUTS).forEach(input -> {
            OurHello ours = OurHello.read(input.segments());
            NettyHello netty = NettyHello.read(input.segments());
            switch (input.form()) {
                case WELL_FORMED -> requireRead(input, ours);
                case MALFORMED -> assertThat(ours.outcome()).as("%s", input).isNotEqualTo("accepted");
                case UNKNOWN -> {}
            }
            if (ours.reading() instanceof ClientHello hello) {
                assertThat(netty)
                        .as("%s", input)
                        .isEqualTo(new NettyHello(NettyHello.State.NAMED, hello.serverName(), ours.segments()));
            }
            input.mutations().forEach(tally::count);
            tally.count(input.form().name());
            tally.count(ours.outcome());
            tally.count(ours.outcome() + ", by Netty " + netty.state());
        });
        tally.requireOneIn(4, Generator.INPUTS, "accepted");
        tally.requireOneIn(4, Generator.INPUTS, "refused");
        tally.requireOneIn(20, Generator.INPUTS, "MALFORMED");
        tally.requireOneIn(8, Generator.INPUTS, "refused, by Netty NAMELESS");
        tally.requireOneIn(80, Generator.INPUTS, "refused, by Netty FAILED");
        tally.requireEach(HELLOS.namesOfMutations());
    }

    /** Well-formed is what the generator says it is, and what it wrote is what is read. */
    private static void requireRead(Input<HelloSketch> input, OurHello ours) {
        assertThat(ours.reading()).as("%s", input).isInstanceOfSatisfying(ClientHello.class, hello -> {
            assertThat(hello.serverName()).isEqualTo(input.sketch().name.toLowerCase(ROOT));
            assertThat(hello.ech()).isEqualTo(input.sketch().offersEncryption());
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.konnectproxy.server.differential.Generator#seeds")
    void what_ours_accepts_the_jdk_reads_alike(long seed) {
        JdkServer server = new JdkServer(tls);
        Tally tally = new Tally();
        HELLOS.inputs(seed, JDK_INPUTS).forEach(input -> {
            if (OurHello.read(input.segments()).reading() instanceof ClientHello hello) {
                var name = server.nameIn(input.bytes()).map(text -> text.toLowerCase(ROOT));
                assertThat(name.orElse(hello.serverName())).as("%s", input).isEqualTo(hello.serverName());
                if (input.form() == Input.Form.WELL_FORMED) {
                    assertThat(name.isPresent()).as("%s", input).isEqualTo(jdkServes(input.sketch()));
                }
                tally.count(name.isPresent() ? "read" : "turned down");
            }
        });
        tally.requireOneIn(8, JDK_INPUTS, "read");
    }

    /**
     * The JDK turns two kinds of hellos down before it looks at the name: those whose legacy version is not that of TLS 1.2,
     * and those whose name is no host name, with an underscore, a hyphen at an edge, or a label of more than 63 characters.
     */
    private static boolean jdkServes(HelloSketch hello) {
        return hello.version == 0x0303
                && Stream.of(hello.name.split("\\.", -1))
                        .allMatch(label -> label.matches("(?i)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.konnectproxy.server.differential.Generator#seeds")
    void a_genuine_hello_is_read_alike_by_all_three(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        var client = new JdkClient(tls);
        var server = new JdkServer(tls);
        for (int i = 0; i < GENUINE; i++) {
            String name = Drawn.recased("cp" + random.nextInt(1000) + ".us.cp0.konghq.com", random);
            byte[] message = client.hello(name, random);
            byte[] hello = new Records().write(message, TlsWriter.Lengths.honest());
            List<byte[]> segments = Bytes.segments(hello, random);
            var input = new Input<>(
                    "-Ddifferential.seed=" + seed + ", hello " + i, name, List.of(), Input.Form.WELL_FORMED, segments);

            OurHello ours = OurHello.read(segments);
            assertThat(ours.reading())
                    .as("%s", input)
                    .isInstanceOfSatisfying(
                            ClientHello.class,
                            read -> assertThat(read.serverName()).isEqualTo(name.toLowerCase(ROOT)));
            assertThat(NettyHello.read(segments))
                    .as("%s", input)
                    .isEqualTo(new NettyHello(NettyHello.State.NAMED, name.toLowerCase(ROOT), ours.segments()));
            assertThat(server.nameIn(hello)).as("%s", input).hasValue(name);
        }
    }

    /** What our reader says, and at which segment. */
    private record OurHello(HelloReading reading, int segments) {
        static OurHello read(List<byte[]> segments) {
            HelloReading reading = NEED_MORE;
            int taken = 0;
            while (taken < segments.size() && reading == NEED_MORE) {
                reading = ClientHelloReader.read(
                        segments.stream().limit(++taken).map(ByteBuffer::wrap).toArray(ByteBuffer[]::new));
            }
            return new OurHello(reading, taken);
        }

        String outcome() {
            return reading instanceof ClientHello
                    ? "accepted"
                    : reading instanceof HelloFault ? "refused" : "undecided";
        }
    }
}
