package io.konnectproxy.server.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Sends round after round of visits, and keeps the books of what is owed. */
final class Rounds {
    private static final int VISITS = 6_000;
    /** Those that have something to do: few enough that none waits for its turn so long that a deadline cuts it. */
    private static final int BUSY_AT_ONCE = 64;

    private static final int WAITING_AT_ONCE = 3_000;
    private static final int ADDRESSES = 40;
    private static final int MOST_PROBLEMS = 10;

    private final ProxyProcess proxy;
    private final Visitors visitors;
    private final Mix mix;
    private final AuditCount audit;
    private final Map<Kind, Integer> sent = new EnumMap<>(Kind.class);
    private final List<Round> rounds = new ArrayList<>();
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final Semaphore busy = new Semaphore(BUSY_AT_ONCE);
    private final Semaphore waiting = new Semaphore(WAITING_AT_ONCE);
    private final AtomicLong carried = new AtomicLong();
    private int visits;

    Rounds(ProxyProcess proxy, Visitors visitors, Mix mix, AuditCount audit) {
        this.proxy = proxy;
        this.visitors = visitors;
        this.mix = mix;
        this.audit = audit;
    }

    /** One more, to its end. */
    Round next() throws InterruptedException, IOException {
        long begun = System.nanoTime();
        long carriedBefore = carried.get();
        long tunnelsBefore = audit.tunnels();
        for (int i = 0; i < VISITS; i++) {
            send(mix.nextKind());
        }
        busy.acquire(BUSY_AT_ONCE);
        busy.release(BUSY_AT_ONCE);
        waiting.acquire(WAITING_AT_ONCE);
        waiting.release(WAITING_AT_ONCE);
        awaitRest();
        Round round = new Round(
                rounds.size() + 1,
                VISITS,
                audit.tunnels() - tunnelsBefore,
                carried.get() - carriedBefore,
                Duration.ofNanos(System.nanoTime() - begun),
                proxy.counters());
        rounds.add(round);
        return round;
    }

    private void send(Kind kind) throws InterruptedException {
        Semaphore room = kind.waits() ? waiting : busy;
        room.acquire();
        Visit visit = mix.next(kind);
        sent.merge(kind, 1, Integer::sum);
        visit.done().whenComplete((done, failure) -> {
            carried.addAndGet(visit.carried());
            if (failure != null && problems.size() < MOST_PROBLEMS) {
                problems.add(failure.getMessage());
            }
            room.release();
        });
        visitors.send(visit, visits++ % ADDRESSES);
    }

    /** Until nobody is connected and all lines are there, sums after a minute; what is missing after that is the verdict's to find. */
    private void awaitRest() throws IOException {
        await(() -> proxy.connections() == 0);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(75);
        audit.readOn();
        while ((audit.decisions() < decisionsOwed() || audit.tunnels() < tunnelsOwed()) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            audit.readOn();
        }
    }

    private static void await(BooleanSupplier wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!wanted.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    long decisionsOwed() {
        return sent.entrySet().stream()
                .mapToLong(entry -> (long) entry.getKey().decisions() * entry.getValue())
                .sum();
    }

    long tunnelsOwed() {
        return sent.entrySet().stream()
                .mapToLong(entry -> (long) entry.getKey().tunnels() * entry.getValue())
                .sum();
    }

    List<Round> rounds() {
        return rounds;
    }

    int visits() {
        return visits;
    }

    long carried() {
        return carried.get();
    }

    Map<Kind, Integer> sent() {
        return sent;
    }

    /** What the first visits that did not go as they should have to say. */
    List<String> problems() {
        return List.copyOf(problems);
    }
}
