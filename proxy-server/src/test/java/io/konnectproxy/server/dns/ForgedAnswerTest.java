package io.konnectproxy.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.support.LogCapture;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is no answer to the question that was asked must be as if it had not come. */
@Timeout(60)
class ForgedAnswerTest {
    private static final String NAME = "us.api.konghq.com";
    /** An A record of the name that the question at byte 12 asks for: 6.6.6.6. */
    private static final byte[] RECORD = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 6, 6, 6, 6};

    private static final Map<String, UnaryOperator<byte[]>> FORGERIES = Map.of(
            "of another id", query -> answer(query, bytes -> bytes[1] ^= 1),
            "of another name", query -> answer(query, bytes -> bytes[13] ^= 1),
            "a query", query -> answer(query, bytes -> bytes[2] &= 0x7f),
            "empty", query -> new byte[0],
            "cut in the head", query -> Arrays.copyOf(query, 7),
            "random",
                    query -> {
                        byte[] bytes = new byte[200];
                        new Random(7).nextBytes(bytes);
                        bytes[0] = query[0];
                        bytes[1] = query[1];
                        return bytes;
                    });

    @RegisterExtension
    private final LogCapture netty = ResolverRig.netty();

    @Test
    void a_forged_datagram_is_passed_over() throws Exception {
        List<Thread> asking = new ArrayList<>();
        Map<String, String> said = new ConcurrentHashMap<>();
        FORGERIES.forEach((name, forgery) -> asking.add(new Thread(() -> said.put(name, saidDespite(forgery)))));
        // Each is passed over when half of the time is up: all at once, so that it passes once.
        asking.forEach(Thread::start);
        for (Thread thread : asking) {
            thread.join();
        }
        assertThat(said).containsOnlyKeys(FORGERIES.keySet());
        assertThat(said.values()).containsOnly("52.0.0.1");
    }

    /** By an honest server that is asked after the liar. */
    private static String saidDespite(UnaryOperator<byte[]> forgery) {
        try (var liar = new Liar(forgery);
                var bench = new ResolverRig(Duration.ofSeconds(3), List.of(liar.address()))) {
            bench.answering(NAME, StandInAnswer.of("52.0.0.1"));
            return bench.said(NAME);
        } catch (Exception e) {
            return e.toString();
        }
    }

    @Test
    void the_liar_would_be_believed_without_its_lie() throws Exception {
        try (var honest = new Liar(query -> answer(query, bytes -> {}));
                var bench = new ResolverRig(ResolverRig.PATIENT, List.of(honest.address()))) {
            assertThat(bench.said(NAME)).isEqualTo("6.6.6.6");
        }
    }

    @Test
    void ids_and_ports_are_not_to_be_guessed() throws Exception {
        try (var watcher = new Liar(query -> answer(query, bytes -> {}));
                var bench = new ResolverRig(Duration.ofSeconds(20), List.of(watcher.address()))) {
            for (int i = 0; i < 50; i++) {
                bench.said("n" + i + ".example.com");
            }
            assertThat(watcher.ports).hasSizeGreaterThan(50);
            assertThat(watcher.ids).hasSizeGreaterThan(80);
        }
    }

    /** An answer to the A question; to others one without records. */
    private static byte[] answer(byte[] query, Consumer<byte[]> lie) {
        int end = 12;
        while (query[end] != 0) {
            end += query[end] + 1;
        }
        end += 5;
        boolean ipv4 = query[end - 3] == 1;
        byte[] answer = Arrays.copyOf(query, ipv4 ? end + RECORD.length : end);
        answer[2] |= (byte) 0x80;
        answer[7] = (byte) (ipv4 ? 1 : 0);
        answer[11] = 0; // the query's OPT record is not repeated
        if (ipv4) {
            System.arraycopy(RECORD, 0, answer, end, RECORD.length);
        }
        lie.accept(answer);
        return answer;
    }

    /** Answers each datagram with what is made of it. */
    private static final class Liar implements AutoCloseable {
        private final DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
        private final Set<Integer> ids = ConcurrentHashMap.newKeySet();

        Liar(UnaryOperator<byte[]> forge) throws IOException {
            new Thread(() -> serve(forge), "liar").start();
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        private void serve(UnaryOperator<byte[]> forge) {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                    socket.receive(packet);
                    byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
                    ports.add(packet.getPort());
                    ids.add((query[0] & 255) << 8 | (query[1] & 255));
                    byte[] forged = forge.apply(query);
                    socket.send(new DatagramPacket(forged, forged.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // Closed: the test is over.
                socket.close();
            }
        }

        @Override
        public void close() {
            socket.close(); // which ends the thread
        }
    }
}
