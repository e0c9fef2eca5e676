package io.konnectproxy.server.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.support.LogCapture;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Resolvers, and boxes on the way to them, that do not go along with EDNS (RFC 6891): getaddrinfo does without and resolves. */
@Timeout(60)
class EdnsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @RegisterExtension
    private final LogCapture log =
            LogCapture.of(EdnsSupport.class).expecting("The resolver 127.0.0.1 does not answer questions with EDNS");

    @RegisterExtension
    private final LogCapture netty = ResolverRig.netty();

    /** What becomes of a question with EDNS. */
    private enum Old {
        FORMERR_WITH_QUESTION(1, true),
        FORMERR_WITHOUT_QUESTION(1, false),
        NOTIMP(4, true),
        NOTIMP_WITHOUT_QUESTION(4, false),
        SERVFAIL(2, true),
        REFUSED(5, true),
        BADVERS(16, true),
        SILENCE(0, true);

        private final int code;
        private final boolean question;

        Old(int code, boolean question) {
            this.code = code;
            this.question = question;
        }
    }

    static Stream<Arguments> old() {
        return Arrays.stream(Old.values()).map(each -> arguments(each));
    }

    @ParameterizedTest
    @MethodSource("old")
    void is_asked_without_and_that_is_remembered_and_told_once(Old old) throws Exception {
        try (var server = new OldServer(old);
                var bench = new ResolverRig(TIMEOUT);
                var resolver = server.resolver(bench)) {
            assertThat(said(bench, resolver, "first.example.com")).isEqualTo("52.0.0.7");
            assertThat(said(bench, resolver, "second.example.com")).isEqualTo("52.0.0.7");
            server.extended.clear();
            assertThat(said(bench, resolver, "third.example.com")).isEqualTo("52.0.0.7");
            assertThat(server.extended).isNotEmpty().doesNotContain(true);
            assertThat(log.said())
                    .containsExactly(
                            "The resolver 127.0.0.1 does not answer questions with EDNS (RFC 6891). It is asked"
                                    + " without, which takes TCP for long answers, and with it again every 15 minutes.");
        }
    }

    @Test
    void an_error_costs_no_waiting() throws Exception {
        try (var server = new OldServer(Old.FORMERR_WITHOUT_QUESTION);
                var bench = new ResolverRig(ResolverRig.PATIENT);
                var resolver = server.resolver(bench)) {
            assertThat(said(bench, resolver, "first.example.com")).isEqualTo("52.0.0.7");
        }
    }

    @Test
    void one_that_was_mended_is_found() throws Exception {
        try (var server = new OldServer(Old.NOTIMP);
                var bench = new ResolverRig(TIMEOUT);
                var resolver = server.resolver(bench)) {
            assertThat(said(bench, resolver, "first.example.com")).isEqualTo("52.0.0.7");
            server.mended = true;
            bench.pass(EdnsSupport.MEMORY);
            server.extended.clear();
            assertThat(said(bench, resolver, "second.example.com")).isEqualTo("52.0.0.7");
            assertThat(server.extended).isNotEmpty().doesNotContain(false);
            assertThat(log.said()).endsWith("The resolver 127.0.0.1 answers questions with EDNS again.");
        }
    }

    @Test
    void a_lost_datagram_is_not_held_against_it() throws Exception {
        try (var server = new OldServer(Old.SILENCE);
                var bench = new ResolverRig(TIMEOUT);
                var resolver = server.resolver(bench)) {
            server.silencesLeft.set(1);
            assertThat(said(bench, resolver, "first.example.com")).isEqualTo("52.0.0.7");
            assertThat(said(bench, resolver, "second.example.com")).isEqualTo("52.0.0.7");
            assertThat(log.said()).isEmpty();
        }
    }

    @Test
    void an_error_of_one_that_has_answered_with_it_is_believed() throws Exception {
        try (var server = new OldServer(Old.SERVFAIL);
                var bench = new ResolverRig(TIMEOUT);
                var resolver = server.resolver(bench)) {
            server.mended = true;
            assertThat(said(bench, resolver, "first.example.com")).isEqualTo("52.0.0.7");
            server.failing = true;
            assertThat(said(bench, resolver, "second.example.com")).isEqualTo("dns_failed");
            assertThat(server.extended).doesNotContain(false);
        }
    }

    @Test
    void an_error_that_has_nothing_to_do_with_it_is_not_held_against_it() throws Exception {
        try (var server = new OldServer(Old.SERVFAIL);
                var bench = new ResolverRig(TIMEOUT);
                var resolver = server.resolver(bench)) {
            server.failing = true;
            said(bench, resolver, "first.example.com");
            server.failing = false;
            server.mended = true;
            server.extended.clear();
            assertThat(said(bench, resolver, "second.example.com")).isEqualTo("52.0.0.7");
            assertThat(server.extended).doesNotContain(false);
            assertThat(log.said()).isEmpty();
        }
    }

    private static String said(ResolverRig bench, CheckedResolver resolver, String name) throws Exception {
        return ResolverRig.said(ResolverRig.result(bench.ask(resolver, name)));
    }

    /** Answers questions without EDNS: every name is at 52.0.0.7, and none has an IPv6 address. */
    private static final class OldServer implements AutoCloseable {
        private static final byte[] RECORD = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 52, 0, 0, 7};
        private static final int HEAD = 12;

        private final Old old;
        private final DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        private final List<Boolean> extended = new CopyOnWriteArrayList<>();
        private volatile boolean mended;
        private volatile boolean failing;
        private final AtomicInteger silencesLeft = new AtomicInteger(Integer.MAX_VALUE);

        OldServer(Old old) throws IOException {
            this.old = old;
            new Thread(this::serve, "old name server").start();
        }

        CheckedResolver resolver(ResolverRig bench) {
            return bench.resolver(NameSource.configured(List.of((InetSocketAddress) socket.getLocalSocketAddress())));
        }

        private void serve() {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                    socket.receive(packet);
                    byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
                    if (answer.length > 0) {
                        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    }
                }
            } catch (IOException e) {
                socket.close(); // The test is over.
            }
        }

        private byte[] answer(byte[] query) {
            int end = HEAD;
            while (query[end] != 0) {
                end += query[end] + 1;
            }
            end += 5;
            boolean edns = query[11] == 1;
            extended.add(edns);
            if (failing) {
                return head(query, end, Old.SERVFAIL.code, true, false);
            }
            if (!edns || mended) {
                return head(query, end, 0, true, query[end - 3] == 1);
            }
            if (old != Old.SILENCE) {
                return head(query, end, old.code, old.question, false);
            }
            return silencesLeft.getAndDecrement() > 0 ? new byte[0] : head(query, end, 0, true, query[end - 3] == 1);
        }

        private static byte[] head(byte[] query, int end, int code, boolean question, boolean record) {
            ByteBuffer answer = ByteBuffer.allocate(512);
            answer.put(query, 0, 2).put((byte) 0x81).put((byte) (0x80 | (code & 15)));
            answer.putShort((short) (question ? 1 : 0)).putShort((short) (record ? 1 : 0));
            answer.putShort((short) 0).putShort((short) (code > 15 ? 1 : 0));
            if (question) {
                answer.put(query, HEAD, end - HEAD);
            }
            if (record) {
                answer.put(RECORD);
            }
            if (code > 15) {
                answer.put((byte) 0).putShort((short) 41).putShort((short) 512);
                answer.put((byte) (code >> 4)).put(new byte[5]);
            }
            return Arrays.copyOf(answer.array(), answer.position());
        }

        @Override
        public void close() {
            socket.close(); // which ends the thread
        }
    }
}
