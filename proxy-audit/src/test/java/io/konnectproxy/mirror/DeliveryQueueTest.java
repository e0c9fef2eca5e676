package io.konnectproxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.mirror.Transport.DeliveryResult;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The queue between the trail and a peer, with carriers that do all that a peer could make them do. */
class DeliveryQueueTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.mirror").expecting("The mirror m ");

    private static final DeliveryQueue.Bounds BOUNDS = new DeliveryQueue.Bounds(100, 1 << 20, 10, 64 << 10);

    private final List<String> carried = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Misses misses = new Misses("m");
    private Optional<DeliveryQueue> started = Optional.empty();

    /** Carries by a rule, and keeps what it settled whole. */
    private DeliveryQueue queue(DeliveryQueue.Bounds bounds, Function<List<MirroredLine>, DeliveryResult> rule) {
        Transport transport = new Transport() {
            @Override
            public DeliveryResult send(List<MirroredLine> lines) {
                DeliveryResult outcome = rule.apply(lines);
                if (outcome.equals(DeliveryResult.Settled.ALL)) {
                    synchronized (carried) {
                        batches.add(lines.size());
                        lines.forEach(line -> carried.add(line.text()));
                    }
                }
                return outcome;
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        DeliveryQueue queue = new DeliveryQueue("m", transport, bounds, misses);
        started = Optional.of(queue);
        return queue;
    }

    @AfterEach
    void end() {
        started.ifPresent(queue -> {
            queue.beginEnd();
            queue.awaitEnd(System.nanoTime());
        });
    }

    private static void offer(DeliveryQueue queue, int from, int to) {
        TrailLines.numbered(from, to).forEach(text -> queue.offer(new MirroredLine(text)));
    }

    private static void close(DeliveryQueue queue, long millis) {
        queue.beginEnd();
        queue.awaitEnd(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void the_end_waits_until_all_is_carried_in_order_and_in_batches() {
        DeliveryQueue queue = queue(BOUNDS, lines -> DeliveryResult.Settled.ALL);
        offer(queue, 1, 100);
        queue.start();
        close(queue, 20_000);
        assertThat(carried).isEqualTo(TrailLines.numbered(1, 100));
        assertThat(batches).containsOnly(10);
        assertThat(closed).isTrue();
        assertThat(misses.total()).isZero();
    }

    @Test
    void lines_have_a_bound_in_number_and_in_bytes() {
        DeliveryQueue queue = queue(BOUNDS, lines -> DeliveryResult.Settled.ALL);
        offer(queue, 1, 101);
        assertThat(misses.total()).isEqualTo(1);
        DeliveryQueue small =
                queue(new DeliveryQueue.Bounds(1_000, 10_000, 10, 64 << 10), lines -> DeliveryResult.Settled.ALL);
        offer(small, 1, 100);
        int cost = new MirroredLine(TrailLines.permitted(50)).cost();
        assertThat(small.waiting()).isEqualTo(10_000 / cost);
        assertThat(misses.total()).isEqualTo(1 + 100 - 10_000 / cost);
    }

    @Test
    void a_batch_has_a_bound_in_bytes_but_one_line_always_goes() {
        DeliveryQueue queue =
                queue(new DeliveryQueue.Bounds(100, 1 << 20, 10, 10), lines -> DeliveryResult.Settled.ALL);
        offer(queue, 1, 5);
        queue.start();
        close(queue, 20_000);
        assertThat(batches).containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void what_fails_is_tried_again_and_keeps_its_place() {
        AtomicBoolean first = new AtomicBoolean(true);
        DeliveryQueue queue = queue(
                BOUNDS,
                lines -> first.getAndSet(false) ? new DeliveryResult.Postponed("not now") : DeliveryResult.Settled.ALL);
        offer(queue, 1, 20);
        queue.start();
        Await.until("all are carried", () -> queue.waiting() == 0);
        assertThat(carried).isEqualTo(TrailLines.numbered(1, 20));
        assertThat(misses.total()).isZero();
    }

    @Test
    void a_mistake_of_ours_costs_one_batch_and_not_the_mirror() {
        DeliveryQueue queue = queue(BOUNDS, lines -> {
            if (lines.get(0).event().seq() == 1) {
                throw new IllegalStateException("a mistake");
            }
            return DeliveryResult.Settled.ALL;
        });
        offer(queue, 1, 20);
        queue.start();
        close(queue, 20_000);
        assertThat(carried).isEqualTo(TrailLines.numbered(11, 20));
        assertThat(misses.take(true)).get().extracting(Missed::count).isEqualTo(10L);
    }

    @Test
    void what_is_not_carried_by_the_end_is_missed_with_the_reason() {
        DeliveryQueue queue = queue(BOUNDS, lines -> new DeliveryResult.Postponed("not now"));
        offer(queue, 1, 20);
        queue.start();
        Await.until("it was tried", () -> !queue.trouble().isEmpty());
        close(queue, 100);
        assertThat(queue.isOver()).isTrue();
        assertThat(misses.take(true)).contains(new Missed("m", 20, TrailLines.time(1), TrailLines.time(20), "not now"));
        assertThat(closed).isTrue();
    }

    @Test
    void a_carrier_that_hangs_does_not_delay_the_end() {
        CountDownLatch hanging = new CountDownLatch(1);
        DeliveryQueue queue = queue(BOUNDS, lines -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return DeliveryResult.Settled.ALL;
        });
        offer(queue, 1, 20);
        queue.start();
        long start = System.nanoTime();
        close(queue, 50);
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
        offer(queue, 21, 30);
        assertThat(misses.total()).isEqualTo(30);
    }

    @Test
    void losses_are_over_when_half_of_the_queue_is_free_and_the_peer_takes_lines() {
        CountDownLatch hanging = new CountDownLatch(1);
        DeliveryQueue queue = queue(BOUNDS, lines -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return DeliveryResult.Settled.ALL;
        });
        queue.start();
        offer(queue, 1, 51);
        assertThat(queue.isOver()).isFalse();
        hanging.countDown();
        Await.until("half is free", queue::isOver);
    }
}
