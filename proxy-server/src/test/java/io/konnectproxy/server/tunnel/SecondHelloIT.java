package io.konnectproxy.server.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.wire.ServerFlights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What a client sends between its ClientHello and the upstream's answer, and behind a HelloRetryRequest, over real sockets: the
 * second hello is judged as the first was, whenever it is sent.
 */
class SecondHelloIT {
    private static final String HOST = Rig.HOST;
    private static final byte[] HELLO = Hellos.naming(HOST);
    private static final byte[] OTHER = Hellos.naming("evil000000.us.cp0.konghq.com");
    private static final byte[] RETRY = ServerFlights.helloRetryRequest();
    private static final byte[] CHANGE_CIPHER_SPEC = hex("140303000101");
    private static final byte[] EARLY_DATA = join(hex("1703030400"), new byte[1024]);
    private static final byte[] SERVER_HELLO = serverHello();

    /** What the next upstream connection is to answer a hello with, in pieces; nothing for silence. */
    private static volatile byte[][] answer = {};

    /** The answer waits for this. */
    private static volatile CountDownLatch answering = new CountDownLatch(0);

    private static final BlockingQueue<byte[]> SEEN = new LinkedBlockingQueue<>();
    private static final ByteArrayOutputStream SO_FAR = new ByteArrayOutputStream();

    @AutoClose
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(Origin.plain(SecondHelloIT::converse), "timeouts: {client-hello: 2s}\n");
    }

    @AfterEach
    void endsAllConversations() throws IOException {
        answering.countDown();
        answering = new CountDownLatch(0);
        rig.origin().awaitEnds();
        SEEN.clear();
        synchronized (SO_FAR) {
            SO_FAR.reset();
        }
    }

    private static void converse(Socket proxy) throws Exception {
        InputStream in = proxy.getInputStream();
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try {
            seen.writeBytes(in.readNBytes(HELLO.length));
            Thread reader = new Thread(() -> read(in, seen), "origin");
            reader.setDaemon(true);
            reader.start();
            answering.await();
            for (byte[] piece : answer) {
                proxy.getOutputStream().write(piece);
            }
            reader.join();
        } finally {
            SEEN.add(seen.toByteArray());
        }
    }

    private static void read(InputStream in, ByteArrayOutputStream seen) {
        byte[] bytes = new byte[64 * 1024];
        try {
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                synchronized (SO_FAR) {
                    seen.write(bytes, 0, length);
                    SO_FAR.write(bytes, 0, length);
                }
            }
        } catch (java.io.IOException e) {
            // The end, too.
        }
    }

    /** When the client sends its second hello. */
    enum Timing {
        /** When it has read the HelloRetryRequest. */
        BEHIND_THE_ANSWER,
        /** In one go with the first. */
        WITH_THE_FIRST,
        /** Before the upstream answers, and then its end. */
        WITH_THE_FIRST_AND_ITS_END
    }

    static Stream<Arguments> cut() {
        return Stream.of(Timing.values())
                .flatMap(timing -> Stream.of(
                        arguments(timing, "another server's name", "hello_changed", 47, new byte[0], OTHER),
                        arguments(
                                timing, "behind a change_cipher_spec", "hello_changed", 47, CHANGE_CIPHER_SPEC, OTHER),
                        arguments(
                                timing,
                                "behind early data",
                                "hello_changed",
                                47,
                                join(CHANGE_CIPHER_SPEC, EARLY_DATA, EARLY_DATA),
                                OTHER),
                        arguments(timing, "no name", "hello_changed", 47, new byte[0], Hellos.withoutServerName()),
                        arguments(timing, "in two records", "hello_fragmented", 40, new byte[0], inTwoRecords(HELLO)),
                        arguments(
                                timing,
                                "another name in two records",
                                "hello_fragmented",
                                40,
                                new byte[0],
                                inTwoRecords(OTHER)),
                        arguments(
                                timing,
                                "a message that is no hello",
                                "hello_malformed",
                                50,
                                new byte[0],
                                hex("16030300050b00000100")),
                        arguments(
                                timing,
                                "a handshake record of no TLS version",
                                "hello_malformed",
                                50,
                                new byte[0],
                                hex("160203000400000000")),
                        arguments(
                                timing,
                                "a claim of 16 MiB",
                                "hello_too_large",
                                50,
                                new byte[0],
                                hex("160303400001ffffff"))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cut")
    void cuts(Timing timing, String name, String token, int alert, byte[] before, byte[] second) throws Exception {
        answer = new byte[][] {RETRY};
        JsonNode end = cut(timing, token, alert, join(before, second));
        byte[] passed = join(HELLO, before);
        assertThat(SEEN.poll(5, TimeUnit.SECONDS))
                .as("what reached the upstream")
                .isEqualTo(passed);
        assertThat(end.path("bytes_up").asLong()).isEqualTo(passed.length);
        assertThat(end.path("bytes_down").asLong()).isEqualTo(RETRY.length);
        assertThat(AuditLines.text(end.path("tls"), "sni"))
                .isEqualTo(second == OTHER ? "evil000000.us.cp0.konghq.com" : HOST);
        assertPasses(Timing.BEHIND_THE_ANSWER, HELLO);
    }

    /** What does not end a handshake, lawful or not, does not end the watch over it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a change_cipher_spec, 140303000101",
        "an empty record, 1603030000",
        "a HelloRequest, 160303000400000000",
        "two warnings in a record, 150303000401700170",
        "two records, 14030300010115030300020170"
    })
    void cuts_another_name_whatever_stands_in_front_of_the_retry(String name, String before) throws Exception {
        answer = new byte[][] {join(hex(before), RETRY)};
        for (Timing timing : Timing.values()) {
            cut(timing, "hello_changed", 47, OTHER);
            assertThat(SEEN.poll(5, TimeUnit.SECONDS))
                    .as("what reached the upstream")
                    .isEqualTo(HELLO);
        }
        assertPasses(Timing.BEHIND_THE_ANSWER, HELLO);
    }

    private static JsonNode cut(Timing timing, String token, int alert, byte[] second) throws Exception {
        String id;
        try (RawClient client = open()) {
            byte[] read = send(client, timing, second);
            assertThat(join(read, client.rest()))
                    .isEqualTo(join(answer[0], new byte[] {21, 3, 3, 0, 2, 2, (byte) alert}));
            id = lastDecision();
        }
        JsonNode end = rig.audit().endOf(id);
        assertThat(AuditLines.text(end, "outcome")).isEqualTo(token);
        return end;
    }

    private static RawClient open() throws Exception {
        RawClient client = rig.client();
        assertThat(client.connect(HOST).answer().status()).isEqualTo(200);
        return client;
    }

    /** Gives what was read of the answer. */
    private static byte[] send(RawClient client, Timing timing, byte[] second) throws Exception {
        if (timing == Timing.BEHIND_THE_ANSWER) {
            client.say(HELLO);
            byte[] read = client.socket().getInputStream().readNBytes(answer[0].length);
            client.say(second);
            return read;
        }
        answering = new CountDownLatch(1);
        client.say(join(HELLO, second));
        if (timing == Timing.WITH_THE_FIRST_AND_ITS_END) {
            client.socket().shutdownOutput();
        }
        answering.countDown();
        return new byte[0];
    }

    private static void finish(RawClient client) throws Exception {
        if (!client.socket().isOutputShutdown()) {
            client.socket().shutdownOutput();
        }
    }

    private static String lastDecision() {
        var decisions = rig.audit().decisions();
        return AuditLines.text(decisions.get(decisions.size() - 1), "id");
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments("a HelloRetryRequest", new byte[][] {RETRY}),
                arguments(
                        "a HelloRetryRequest and a change_cipher_spec", new byte[][] {join(RETRY, CHANGE_CIPHER_SPEC)}),
                arguments("a HelloRetryRequest byte by byte", bytes(RETRY)),
                arguments("a HelloRetryRequest in two records", new byte[][] {inTwoRecords(RETRY)}),
                arguments("a ServerHello", new byte[][] {SERVER_HELLO}),
                arguments("an alert", new byte[][] {hex("15030300020228")}),
                arguments("no TLS", new byte[][] {hex("00")}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void lets_a_second_hello_with_the_same_name_through(String name, byte[][] answered) throws Exception {
        answer = answered;
        for (Timing timing : Timing.values()) {
            assertPasses(timing, HELLO);
            assertPasses(timing, join(CHANGE_CIPHER_SPEC, HELLO, EARLY_DATA));
            assertPasses(timing, join(EARLY_DATA, EARLY_DATA, HELLO));
        }
    }

    private static void assertPasses(Timing timing, byte[] second) throws Exception {
        String id;
        try (RawClient client = open()) {
            send(client, timing, second);
            finish(client);
            assertThat(SEEN.poll(5, TimeUnit.SECONDS)).isEqualTo(join(HELLO, second));
            id = lastDecision();
        }
        JsonNode end = rig.audit().endOf(id);
        assertThat(AuditLines.text(end, "outcome")).isEqualTo("client_closed");
        assertThat(end.path("bytes_up").asLong()).isEqualTo(HELLO.length + second.length);
    }

    /** Behind anything but a HelloRetryRequest a server reads no second hello, whatever it names. */
    @Test
    void what_no_retry_asked_for_is_the_upstreams_to_refuse() throws Exception {
        answer = new byte[][] {SERVER_HELLO};
        for (Timing timing : Timing.values()) {
            assertPasses(timing, OTHER);
        }
    }

    @Test
    void lets_a_second_hello_through_that_comes_byte_by_byte() throws Exception {
        answer = new byte[][] {RETRY};
        try (RawClient client = open()) {
            client.say(HELLO);
            client.socket().getInputStream().readNBytes(RETRY.length);
            for (byte b : join(CHANGE_CIPHER_SPEC, HELLO)) {
                client.say(new byte[] {b});
            }
            client.say(EARLY_DATA).socket().shutdownOutput();
            assertThat(SEEN.poll(5, TimeUnit.SECONDS)).isEqualTo(join(HELLO, CHANGE_CIPHER_SPEC, HELLO, EARLY_DATA));
        }
    }

    @ParameterizedTest
    @EnumSource
    void cuts_what_is_no_record_of_tls_behind_a_retry(Timing timing) throws Exception {
        answer = new byte[][] {RETRY};
        JsonNode end = cut(timing, "hello_malformed", 50, join("no TLS, it is".getBytes(US_ASCII), OTHER));
        assertThat(AuditLines.text(end, "hint")).contains("second ClientHello");
    }

    @Test
    void cuts_a_second_hello_that_is_not_completed_in_time() throws Exception {
        answer = new byte[][] {RETRY};
        cut(Timing.BEHIND_THE_ANSWER, "hello_timeout", 40, Arrays.copyOf(HELLO, 100));
        assertThat(SEEN.poll(5, TimeUnit.SECONDS)).isEqualTo(HELLO);
    }

    @Test
    void of_half_a_second_hello_no_byte_goes_on() throws Exception {
        answer = new byte[][] {RETRY};
        for (Timing timing : Timing.values()) {
            try (RawClient client = open()) {
                send(client, timing, Arrays.copyOf(OTHER, OTHER.length - 1));
                finish(client);
                assertThat(SEEN.poll(5, TimeUnit.SECONDS)).as("%s", timing).isEqualTo(HELLO);
            }
        }
    }

    /** It is not known yet what it is. */
    @Test
    void holds_a_handshake_record_until_the_upstream_has_answered_and_early_data_not() throws Exception {
        answer = new byte[][] {SERVER_HELLO};
        answering = new CountDownLatch(1);
        try (RawClient client = open()) {
            client.say(join(HELLO, CHANGE_CIPHER_SPEC, EARLY_DATA, OTHER, EARLY_DATA));
            Await.until("early data arrives", () -> soFar() >= CHANGE_CIPHER_SPEC.length + EARLY_DATA.length);
            assertThat(soFar()).isEqualTo(CHANGE_CIPHER_SPEC.length + EARLY_DATA.length);
            answering.countDown();
            Await.until(
                    "all arrives", () -> soFar() == CHANGE_CIPHER_SPEC.length + 2 * EARLY_DATA.length + OTHER.length);
        }
    }

    private static int soFar() {
        synchronized (SO_FAR) {
            return SO_FAR.size();
        }
    }

    @Test
    void holds_a_bounded_amount_and_loses_none_of_it() throws Exception {
        answer = new byte[][] {SERVER_HELLO};
        answering = new CountDownLatch(1);
        byte[] much = new byte[32 * 1024 * 1024];
        Arrays.fill(much, (byte) 7);
        byte[] all = join(HELLO, OTHER, much);
        try (SocketChannel client = SocketChannel.open(rig.address())) {
            client.write(ByteBuffer.wrap(("CONNECT " + HOST + ":443 HTTP/1.0\r\n\r\n").getBytes(US_ASCII)));
            client.read(ByteBuffer.allocate(1024));
            ByteBuffer left = ByteBuffer.wrap(all);
            client.configureBlocking(false);
            writeUntilStuck(client, left);
            assertThat(left.position()).as("taken before the answer").isLessThan(all.length / 2);
            assertThat(soFar()).isZero();
            answering.countDown();
            client.configureBlocking(true);
            while (left.hasRemaining()) {
                client.write(left);
            }
            client.shutdownOutput();
            assertThat(Arrays.equals(SEEN.poll(20, TimeUnit.SECONDS), all)).isTrue();
        }
    }

    private static void writeUntilStuck(SocketChannel client, ByteBuffer left) throws Exception {
        long lastProgress = System.nanoTime();
        while (left.hasRemaining() && System.nanoTime() - lastProgress < TimeUnit.MILLISECONDS.toNanos(300)) {
            if (client.write(left) > 0) {
                lastProgress = System.nanoTime();
            } else {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }

    private static byte[] serverHello() {
        byte[] other = RETRY.clone();
        other[42]++;
        return other;
    }

    private static byte[] inTwoRecords(byte[] record) {
        ByteBuffer all = ByteBuffer.allocate(record.length + 5);
        all.put(record, 0, 3).putShort((short) 40).put(record, 5, 40);
        all.put(record, 0, 3).putShort((short) (record.length - 45)).put(record, 45, record.length - 45);
        return all.array();
    }

    private static byte[][] bytes(byte[] whole) {
        byte[][] single = new byte[whole.length][];
        for (int i = 0; i < whole.length; i++) {
            single[i] = new byte[] {whole[i]};
        }
        return single;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
