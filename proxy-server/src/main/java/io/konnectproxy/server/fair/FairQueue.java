package io.konnectproxy.server.fair;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue in which clients take turns (round robin): no client waits longer because another one adds many items. An
 * item may be queued for several clients at once. Not thread-safe.
 *
 * @param <C> a client
 * @param <T> an item, compared by {@code equals}
 */
public final class FairQueue<C, T> {
    private final int room;
    private final int share;
    /** In the order of turns; no queue is empty. */
    private final Map<C, ClientQueue<T>> queues = new LinkedHashMap<>();

    private int size;

    /**
     * Creates an empty queue.
     *
     * @param room how many items may be queued, counted once for each client
     * @param share how many items may be queued for one client
     */
    public FairQueue(int room, int share) {
        this.room = room;
        this.share = share;
    }

    /** An item that was dropped from the queue of a client for lack of room. */
    public record Dropped<C, T>(C client, T item) {}

    private static final class ClientQueue<T> {
        private final Deque<T> items = new ArrayDeque<>();
        private int priority;

        /** Whether an item of this client is dropped before one of the other. */
        boolean isWorseThan(ClientQueue<T> other) {
            return items.size() != other.items.size() ? items.size() > other.items.size() : priority > other.priority;
        }
    }

    /**
     * Adds an item behind the others of this client. Where there is no room, the newest item of the client with the most
     * items is dropped. Among clients with equally many, the one of the lowest priority loses its newest item, and then the
     * new item is dropped. A client with a single item therefore loses it only to a client of higher priority.
     *
     * @param priority of the client from now on; a smaller number goes first
     * @return the dropped item, which may be the new one
     */
    public Optional<Dropped<C, T>> add(C client, int priority, T item) {
        ClientQueue<T> queue = queue(client, priority);
        queue.items.addLast(item);
        size++;
        if (queue.items.size() > share) {
            return Optional.of(dropLast(client, queue));
        }
        return size > room ? Optional.of(dropOne(client, queue)) : Optional.empty();
    }

    /** Puts an item back in front of the others of this client, even if there is no room. */
    public void putBack(C client, int priority, T item) {
        queue(client, priority).items.addFirst(item);
        size++;
    }

    private ClientQueue<T> queue(C client, int priority) {
        ClientQueue<T> queue = queues.computeIfAbsent(client, key -> new ClientQueue<>());
        queue.priority = priority;
        return queue;
    }

    private Dropped<C, T> dropOne(C newcomer, ClientQueue<T> its) {
        C client = newcomer;
        ClientQueue<T> worst = its;
        for (Map.Entry<C, ClientQueue<T>> each : queues.entrySet()) {
            if (each.getValue().isWorseThan(worst)) {
                client = each.getKey();
                worst = each.getValue();
            }
        }
        return dropLast(client, worst);
    }

    private Dropped<C, T> dropLast(C client, ClientQueue<T> queue) {
        T item = queue.items.removeLast();
        removed(client, queue);
        return new Dropped<>(client, item);
    }

    private void removed(C client, ClientQueue<T> queue) {
        size--;
        if (queue.items.isEmpty()) {
            queues.remove(client);
        }
    }

    /** The client whose turn it is: among the eligible ones of the highest priority, the one that has waited longest. */
    public Optional<C> next(Predicate<C> eligible) {
        @Nullable C next = null;
        int best = 0;
        for (Map.Entry<C, ClientQueue<T>> each : queues.entrySet()) {
            if ((next == null || each.getValue().priority < best) && eligible.test(each.getKey())) {
                next = each.getKey();
                best = each.getValue().priority;
            }
        }
        return Optional.ofNullable(next);
    }

    /**
     * Removes and returns the first item of a client, whose next turn then comes after those of the others.
     *
     * @throws IllegalStateException if it has none
     */
    public T take(C client) {
        @Nullable ClientQueue<T> queue = queues.remove(client);
        if (queue == null) {
            throw new IllegalStateException("client has no queued item");
        }
        T item = queue.items.removeFirst();
        size--;
        if (!queue.items.isEmpty()) {
            queues.put(client, queue);
        }
        return item;
    }

    /** Removes an item of a client, wherever it is in the queue. */
    public void remove(C client, T item) {
        @Nullable ClientQueue<T> queue = queues.get(client);
        if (queue != null && queue.items.remove(item)) {
            removed(client, queue);
        }
    }

    /** Sets the priority of a client that has queued items. */
    public void setPriority(C client, int priority) {
        @Nullable ClientQueue<T> queue = queues.get(client);
        if (queue != null) {
            queue.priority = priority;
        }
    }

    /** The number of items, counted once for each client. */
    public int size() {
        return size;
    }
}
