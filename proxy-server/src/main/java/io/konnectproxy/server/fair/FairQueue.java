package io.konnectproxy.server.fair;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue in which clients take turns (round robin): no client waits longer because another one sends much. An item may
 * wait for several clients at once. Not thread-safe.
 *
 * @param <C> a client
 * @param <T> an item, compared by {@code equals}
 */
public final class FairQueue<C, T> {
    private final int room;
    private final int share;
    /** In the order of turns; none is empty. */
    private final Map<C, ClientQueue<T>> lines = new LinkedHashMap<>();

    private int size;

    /**
     * Creates an empty queue.
     *
     * @param room how many items may wait, counted once for each client that they wait for
     * @param share how many may wait for one client
     */
    public FairQueue(int room, int share) {
        this.room = room;
        this.share = share;
    }

    /** An item that was dropped from the queue of a client, because there was no room. */
    public record Dropped<C, T>(C client, T item) {}

    private static final class ClientQueue<T> {
        private final Deque<T> items = new ArrayDeque<>();
        private int standing;

        /** Whether an item of this client is dropped before one of the other. */
        boolean isWorseThan(ClientQueue<T> other) {
            return items.size() != other.items.size() ? items.size() > other.items.size() : standing > other.standing;
        }
    }

    /**
     * Adds an item behind the others of this client. Where there is no room, the newest item of the client with the most items is
     * dropped. Among clients with equally many, that of the worst standing is dropped, and then the new item. A client with a
     * single item therefore loses it only to a client of better standing.
     *
     * @param standing of the client from now on; a smaller one goes first
     * @return what was dropped, the new item perhaps
     */
    public Optional<Dropped<C, T>> add(C client, int standing, T item) {
        ClientQueue<T> line = line(client, standing);
        line.items.addLast(item);
        size++;
        if (line.items.size() > share) {
            return Optional.of(dropLast(client, line));
        }
        return size > room ? Optional.of(dropOne(client, line)) : Optional.empty();
    }

    /** Puts an item back in front of the others of this client, even if there is no room. */
    public void putBack(C client, int standing, T item) {
        line(client, standing).items.addFirst(item);
        size++;
    }

    private ClientQueue<T> line(C client, int standing) {
        ClientQueue<T> line = lines.computeIfAbsent(client, key -> new ClientQueue<>());
        line.standing = standing;
        return line;
    }

    private Dropped<C, T> dropOne(C newcomer, ClientQueue<T> its) {
        C client = newcomer;
        ClientQueue<T> worst = its;
        for (Map.Entry<C, ClientQueue<T>> each : lines.entrySet()) {
            if (each.getValue().isWorseThan(worst)) {
                client = each.getKey();
                worst = each.getValue();
            }
        }
        return dropLast(client, worst);
    }

    private Dropped<C, T> dropLast(C client, ClientQueue<T> line) {
        T item = line.items.removeLast();
        removed(client, line);
        return new Dropped<>(client, item);
    }

    private void removed(C client, ClientQueue<T> line) {
        size--;
        if (line.items.isEmpty()) {
            lines.remove(client);
        }
    }

    /** The client whose turn it is: among those that may, the one of best standing that has waited longest for a turn. */
    public Optional<C> next(Predicate<C> may) {
        @Nullable C next = null;
        int best = 0;
        for (Map.Entry<C, ClientQueue<T>> each : lines.entrySet()) {
            if ((next == null || each.getValue().standing < best) && may.test(each.getKey())) {
                next = each.getKey();
                best = each.getValue().standing;
            }
        }
        return Optional.ofNullable(next);
    }

    /**
     * Removes and returns the first item of a client, which thereby has had its turn.
     *
     * @throws IllegalStateException where it has none
     */
    public T take(C client) {
        @Nullable ClientQueue<T> line = lines.remove(client);
        if (line == null) {
            throw new IllegalStateException("nothing waits for this client");
        }
        T item = line.items.removeFirst();
        size--;
        if (!line.items.isEmpty()) {
            lines.put(client, line);
        }
        return item;
    }

    /** Removes an item of a client, wherever it is in the queue. */
    public void remove(C client, T item) {
        @Nullable ClientQueue<T> line = lines.get(client);
        if (line != null && line.items.remove(item)) {
            removed(client, line);
        }
    }

    /** Sets the standing of a client that has items in the queue. */
    public void stands(C client, int standing) {
        @Nullable ClientQueue<T> line = lines.get(client);
        if (line != null) {
            line.standing = standing;
        }
    }

    /** The number of items, counted once for each client that they wait for. */
    public int size() {
        return size;
    }
}
