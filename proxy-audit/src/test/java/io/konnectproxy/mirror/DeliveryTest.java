package io.konnectproxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.mirror.Carrier.Outcome;
import io.konnectproxy.support.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The queue between the trail and a peer, with carriers that do all that a peer could make them do. */
class DeliveryTest {
    private static final Delivery.Bounds BOUNDS = new Delivery.Bounds(100, 1 << 20, 10, 64 << 10);

    private final List<String> carried = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Misses misses = new Misses("m");
    private Optional<Delivery> started = Optional.empty();

    /** Carries by a rule, and keeps what it settled whole. */
    private Delivery delivery(Delivery.Bounds bounds, Function<List<Line>, Outcome> rule) {
        Carrier carrier = new Carrier() {
            @Override
            public Outcome carry(List<Line> lines) {
                Outcome outcome = rule.apply(lines);
                if (outcome.equals(Outcome.Settled.ALL)) {
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
        Delivery delivery = new Delivery("m", carrier, bounds, misses);
        started = Optional.of(delivery);
        return delivery;
    }

    @AfterEach
    void end() {
        started.ifPresent(delivery -> {
            delivery.beginEnd();
            delivery.awaitEnd(System.nanoTime());
        });
    }

    private static void offer(Delivery delivery, int from, int to) {
        TrailLines.numbered(from, to).forEach(text -> delivery.offer(new Line(text)));
    }

    private static void close(Delivery delivery, long millis) {
        delivery.beginEnd();
        delivery.awaitEnd(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void the_end_waits_until_all_is_carried_in_order_and_in_batches() {
        Delivery delivery = delivery(BOUNDS, lines -> Outcome.Settled.ALL);
        offer(delivery, 1, 100);
        delivery.start();
        close(delivery, 20_000);
        assertThat(carried).isEqualTo(TrailLines.numbered(1, 100));
        assertThat(batches).containsOnly(10);
        assertThat(closed).isTrue();
        assertThat(misses.total()).isZero();
    }

    @Test
    void lines_have_a_bound_in_number_and_in_bytes() {
        Delivery delivery = delivery(BOUNDS, lines -> Outcome.Settled.ALL);
        offer(delivery, 1, 101);
        assertThat(misses.total()).isEqualTo(1);
        Delivery small = delivery(new Delivery.Bounds(1_000, 10_000, 10, 64 << 10), lines -> Outcome.Settled.ALL);
        offer(small, 1, 100);
        int cost = new Line(TrailLines.permitted(50)).cost();
        assertThat(small.waiting()).isEqualTo(10_000 / cost);
        assertThat(misses.total()).isEqualTo(1 + 100 - 10_000 / cost);
    }

    @Test
    void a_batch_has_a_bound_in_bytes_but_one_line_always_goes() {
        Delivery delivery = delivery(new Delivery.Bounds(100, 1 << 20, 10, 10), lines -> Outcome.Settled.ALL);
        offer(delivery, 1, 5);
        delivery.start();
        close(delivery, 20_000);
        assertThat(batches).containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void what_fails_is_tried_again_and_keeps_its_place() {
        AtomicBoolean first = new AtomicBoolean(true);
        Delivery delivery =
                delivery(BOUNDS, lines -> first.getAndSet(false) ? new Outcome.Failed("not now") : Outcome.Settled.ALL);
        offer(delivery, 1, 20);
        delivery.start();
        Await.until("all are carried", () -> delivery.waiting() == 0);
        assertThat(carried).isEqualTo(TrailLines.numbered(1, 20));
        assertThat(misses.total()).isZero();
    }

    @Test
    void a_mistake_of_ours_costs_one_batch_and_not_the_mirror() {
        Delivery delivery = delivery(BOUNDS, lines -> {
            if (lines.get(0).seq() == 1) {
                throw new IllegalStateException("a mistake");
            }
            return Outcome.Settled.ALL;
        });
        offer(delivery, 1, 20);
        delivery.start();
        close(delivery, 20_000);
        assertThat(carried).isEqualTo(TrailLines.numbered(11, 20));
        assertThat(misses.take(true)).get().extracting(Missed::count).isEqualTo(10L);
    }

    @Test
    void what_is_not_carried_by_the_end_is_missed_with_the_reason() {
        Delivery delivery = delivery(BOUNDS, lines -> new Outcome.Failed("not now"));
        offer(delivery, 1, 20);
        delivery.start();
        Await.until("it was tried", () -> !delivery.trouble().isEmpty());
        close(delivery, 100);
        assertThat(delivery.isOver()).isTrue();
        assertThat(misses.take(true)).contains(new Missed("m", 20, TrailLines.time(1), TrailLines.time(20), "not now"));
        assertThat(closed).isTrue();
    }

    @Test
    void a_carrier_that_hangs_does_not_delay_the_end() {
        CountDownLatch hanging = new CountDownLatch(1);
        Delivery delivery = delivery(BOUNDS, lines -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Outcome.Settled.ALL;
        });
        offer(delivery, 1, 20);
        delivery.start();
        long start = System.nanoTime();
        close(delivery, 50);
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
        offer(delivery, 21, 30);
        assertThat(misses.total()).isEqualTo(30);
    }

    @Test
    void losses_are_over_when_half_of_the_queue_is_free_and_the_peer_takes_lines() {
        CountDownLatch hanging = new CountDownLatch(1);
        Delivery delivery = delivery(BOUNDS, lines -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Outcome.Settled.ALL;
        });
        delivery.start();
        offer(delivery, 1, 51);
        assertThat(delivery.isOver()).isFalse();
        hanging.countDown();
        Await.until("half is free", delivery::isOver);
    }
}
