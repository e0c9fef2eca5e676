package io.konnectproxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.konnectproxy.journal.EveryLine;
import io.konnectproxy.mirror.SyslogReceiver.Message;
import io.konnectproxy.mirror.SyslogTransport.Deadlines;
import io.konnectproxy.siem.LineFormat;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.LogCapture;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Syslog over TCP, with a receiver that takes it by the letter and one that misbehaves. */
class SyslogMirrorTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.mirror").expecting("The mirror syslog+");

    private static final Deadlines LONG =
            new Deadlines(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));
    private static final Deadlines SHORT =
            new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(1500));
    private static final DeliveryQueue.Bounds USUAL = new DeliveryQueue.Bounds(32_768, 16 << 20, 512, 64 << 10);
    private static final DeliveryQueue.Bounds NARROW = new DeliveryQueue.Bounds(100, 16 << 20, 20, 64 << 10);

    private final List<PeerMirror> opened = new ArrayList<>();

    private PeerMirror mirror(int port, DeliveryQueue.Bounds bounds, Deadlines deadlines) {
        return mirror(port, bounds, deadlines, LineFormat.LINE);
    }

    private PeerMirror mirror(int port, DeliveryQueue.Bounds bounds, Deadlines deadlines, LineFormat format) {
        SyslogTransport transport =
                new SyslogTransport("proxy-1", "localhost", port, Optional.empty(), format, deadlines);
        PeerMirror mirror = new PeerMirror("syslog+tcp://localhost:" + port, transport, bounds);
        opened.add(mirror);
        return mirror;
    }

    private static void close(PeerMirror mirror) {
        mirror.beginEnd();
        mirror.awaitEnd(System.nanoTime() + TimeUnit.SECONDS.toNanos(20));
    }

    @AfterEach
    void closeAll() {
        opened.forEach(PeerMirror::beginEnd);
        opened.forEach(mirror -> mirror.awaitEnd(System.nanoTime()));
    }

    @ParameterizedTest
    @EnumSource
    void the_text_of_a_message_has_the_form_that_its_receiver_is_to_get(LineFormat format) throws IOException {
        try (SyslogReceiver receiver = SyslogReceiver.plain()) {
            PeerMirror mirror = mirror(receiver.port(), USUAL, LONG, format);
            List<String> lines = EveryLine.kinds();
            lines.forEach(mirror::print);
            mirror.print("no line of a trail");
            close(mirror);

            Await.until("all are there", () -> receiver.messages.size() == lines.size() + 1);
            assertThat(receiver.faults).isEmpty();
            List<String> expected = new ArrayList<>(
                    lines.stream().map(line -> format.of(line, "proxy-1")).toList());
            expected.add("no line of a trail");
            assertThat(receiver.texts()).isEqualTo(expected);
        }
    }

    @Test
    void every_line_is_a_message_of_rfc_5424_in_the_order_of_the_trail() throws IOException {
        try (SyslogReceiver receiver = SyslogReceiver.plain()) {
            PeerMirror mirror = mirror(receiver.port(), USUAL, LONG);
            List<String> lines = new ArrayList<>(
                    List.of(TrailLines.start(1), TrailLines.permitted(2), TrailLines.refused(3), TrailLines.mirror(4)));
            lines.add(TrailLines.summedUp(5));
            lines.addAll(TrailLines.numbered(6, 2000));
            lines.forEach(mirror::print);
            close(mirror);

            Await.until("all are there", () -> receiver.messages.size() == 2000);
            assertThat(receiver.faults).isEmpty();
            assertThat(receiver.texts()).isEqualTo(lines);
            assertThat(receiver.messages.subList(0, 5))
                    .extracting(Message::priority, Message::id, Message::time)
                    .containsExactly(
                            tuple(110, "start", "2026-11-22T18:00:00.001001Z"),
                            tuple(110, "decision", "2026-11-22T18:00:00.002001Z"),
                            tuple(109, "decision", "2026-11-22T18:00:00.003001Z"),
                            tuple(108, "mirror", "2026-11-22T18:00:00.004001Z"),
                            tuple(109, "refusals", "2026-11-22T18:00:00.005001Z"));
            assertThat(receiver.messages)
                    .allMatch(message -> message.application().equals("konnect-proxy")
                            && message.process()
                                    .equals(Long.toString(
                                            ProcessHandle.current().pid())));
            assertThat(mirror.missed()).isEmpty();
        }
    }

    @Test
    void a_receiver_that_comes_late_gets_what_waits_and_the_rest_is_counted() throws IOException {
        int port = FreePort.number();
        PeerMirror mirror = mirror(port, NARROW, LONG);
        TrailLines.numbered(1, 250).forEach(mirror::print);
        assertThat(mirror.missed()).as("not while nobody is there").isEmpty();
        assertThat(mirror.missedInAll()).isEqualTo(150);

        try (SyslogReceiver receiver = SyslogReceiver.at(port)) {
            Await.until("what waited is there", () -> receiver.messages.size() == 100);
            Optional<Missed> missed = awaitMissed(mirror);

            assertThat(missed).isPresent();
            assertThat(missed.get().count()).isEqualTo(150);
            assertThat(missed.get().from()).isEqualTo(TrailLines.time(101));
            assertThat(missed.get().until()).isEqualTo(TrailLines.time(250));
            // On a slow machine the first attempt may not be over when the queue is full.
            assertThat(missed.get().reason()).isIn("connection refused", DeliveryQueue.SLOW);
            assertThat(mirror.missed()).as("told once").isEmpty();

            TrailLines.numbered(251, 300).forEach(mirror::print);
            Await.until("the later ones too", () -> receiver.messages.size() == 150);
            List<String> there = TrailLines.numbered(1, 100);
            there.addAll(TrailLines.numbered(251, 300));
            assertThat(receiver.texts()).isEqualTo(there);
        }
    }

    private static Optional<Missed> awaitMissed(PeerMirror mirror) {
        List<Missed> told = new ArrayList<>();
        Await.until("the loss is told", () -> {
            mirror.missed().ifPresent(told::add);
            return !told.isEmpty();
        });
        return Optional.of(told.get(0));
    }

    @Test
    void a_receiver_that_never_reads_delays_nobody_and_no_line_is_unaccounted_for() throws Exception {
        try (SyslogReceiver receiver = SyslogReceiver.plain()) {
            receiver.stopReading();
            PeerMirror mirror = mirror(receiver.port(), NARROW, LONG);
            List<String> lines = TrailLines.numbered(1, 10_000);
            mirror.print(TrailLines.permitted(0));
            Await.until("it is connected", () -> !receiver.connections.isEmpty());

            long start = System.nanoTime();
            lines.forEach(mirror::print);
            long all = System.nanoTime() - start;
            assertThat(all).isLessThan(TimeUnit.SECONDS.toNanos(30));
            assertThat(mirror.missedInAll()).isPositive();

            receiver.read();
            close(mirror);
            long missed = mirror.missed().map(Missed::count).orElse(0L);
            Await.until("all that was not missed is there", () -> seqs(receiver).size() == 10_001 - missed);
            assertThat(receiver.faults).isEmpty();
        }
    }

    @Test
    void a_receiver_that_takes_nothing_is_left_after_the_deadline() throws IOException {
        try (SyslogReceiver receiver = SyslogReceiver.plain()) {
            receiver.stopReading();
            PeerMirror mirror = mirror(receiver.port(), USUAL, SHORT);
            TrailLines.numbered(1, 5_000).forEach(mirror::print);
            Await.until("it is tried anew", () -> receiver.connections.size() > 1);
            assertThat(receiver.messages).isEmpty();

            receiver.read();
            Await.until(
                    "every line has arrived in the end", () -> seqs(receiver).size() == 5_000);
            assertThat(mirror.missed()).isEmpty();
        }
    }

    @Test
    void a_connection_that_is_reset_loses_nothing_that_was_not_yet_read() throws IOException {
        try (SyslogReceiver receiver = SyslogReceiver.plain()) {
            PeerMirror mirror = mirror(receiver.port(), USUAL, LONG);
            receiver.resetOnceAfter(700);
            TrailLines.numbered(1, 3_000).forEach(mirror::print);

            Await.until("every line has arrived", () -> seqs(receiver).size() == 3_000);
            assertThat(receiver.connections).hasSizeGreaterThan(1);
            assertThat(receiver.faults).isEmpty();
            assertThat(mirror.missed()).isEmpty();
        }
    }

    @Test
    void a_receiver_that_closes_in_order_gets_the_next_line_on_a_new_connection_and_none_twice() throws IOException {
        try (SyslogReceiver receiver = SyslogReceiver.plain()) {
            PeerMirror mirror = mirror(receiver.port(), USUAL, LONG);
            for (int seq = 1; seq <= 5; seq++) {
                int count = seq;
                mirror.print(TrailLines.permitted(seq));
                Await.until("the line is there", () -> receiver.messages.size() == count);
                receiver.connections.get(receiver.connections.size() - 1).shutdownOutput();
                Await.until("the mirror has gone too", () -> peerHasClosed(receiver, count));
            }
            assertThat(receiver.texts()).isEqualTo(TrailLines.numbered(1, 5));
            assertThat(receiver.connections).hasSize(5);
        }
    }

    /** The receiver closes its side when it has read the end of the stream. */
    private static boolean peerHasClosed(SyslogReceiver receiver, int connections) {
        return receiver.connections.size() == connections
                && receiver.connections.stream().allMatch(Socket::isClosed);
    }

    private static Set<String> seqs(SyslogReceiver receiver) {
        return new HashSet<>(receiver.texts());
    }
}
