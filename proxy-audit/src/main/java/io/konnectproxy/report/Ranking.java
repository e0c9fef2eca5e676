package io.konnectproxy.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A tally for each of many keys, in bounded memory however many there are: those with the most lines keep a row of their own,
 * the rest become one sum.
 *
 * <p>The scheme: up to {@code capacity} keys have a row. When one more comes, the half with the fewest lines moves into the
 * sum of the others, those that are ranked first after all others, and the most lines that any of those can have had becomes the <em>floor</em>. A key that comes later may
 * have been among them, so its new row starts with that floor as what it may have missed, and is ranked as if it had missed
 * all of that. It follows that
 * <ul>
 *   <li>rows and others always add up to everything that was counted;
 *   <li>a row that missed nothing is exact, and that is every row as long as no more keys than {@code capacity} came;
 *   <li>any other row has at least its lines, and at most that many more than it may have missed;
 *   <li>no key without a row has more lines than the floor.
 * </ul>
 */
public final class Ranking<K> {
    /** Rows of the largest keys, a client, a target and a reason, take some 20 MB at most. */
    static final int CAPACITY = 10_000;

    private final int capacity;
    private final Predicate<K> first;
    private final Map<K, RankedRow<K>> rows = new HashMap<>();
    private final Tally others = new Tally();
    private long floor;
    private long created;

    Ranking() {
        this(CAPACITY);
    }

    Ranking(int capacity) {
        this(capacity, key -> false);
    }

    /** @param first keys that are ranked before all others */
    Ranking(Predicate<K> first) {
        this(CAPACITY, first);
    }

    private Ranking(int capacity, Predicate<K> first) {
        this.capacity = capacity;
        this.first = first;
    }

    /**
     * One key.
     *
     * @param tally what was counted since it has this row
     * @param missed lines that it can have had before, at most
     * @param first whether it is ranked before all that are not
     */
    public record RankedRow<K>(K key, Tally tally, long missed, boolean first) {
        private long mostLines() {
            return Tally.sum(tally.lines(), missed);
        }
    }

    /**
     * The rows with the most lines.
     *
     * @param others what all other keys have together
     * @param otherKeys how many those are; at most, when {@code floor} is not 0, as a key can have come back
     * @param floor lines that a key which lost its row can have had at most; 0 when none did
     */
    public record Top<K>(List<RankedRow<K>> rows, Tally others, long otherKeys, long floor) {}

    /** The tally of a key, to count one line in. */
    Tally of(K key) {
        RankedRow<K> row = rows.get(key);
        if (row == null) {
            if (rows.size() >= capacity) {
                shed();
            }
            row = new RankedRow<>(key, new Tally(), floor, first.test(key));
            rows.put(key, row);
            created++;
        }
        return row.tally();
    }

    /** Whether a key has a row now. */
    boolean has(K key) {
        return rows.containsKey(key);
    }

    private void shed() {
        List<RankedRow<K>> ascending = new ArrayList<>(rows.values());
        Comparator<RankedRow<K>> order = Comparator.comparing(RankedRow::first);
        ascending.sort(order.thenComparingLong(RankedRow::mostLines));
        for (RankedRow<K> row : ascending.subList(0, (ascending.size() + 1) / 2)) {
            rows.remove(row.key());
            others.add(row.tally());
            floor = Math.max(floor, row.mostLines());
        }
    }

    /** The rows of some keys alone. */
    Ranking<K> only(Predicate<K> wanted) {
        Ranking<K> some = new Ranking<>(capacity, first);
        rows.values().stream().filter(row -> wanted.test(row.key())).forEach(row -> some.rows.put(row.key(), row));
        some.floor = floor;
        some.created = some.rows.size();
        return some;
    }

    /** Everything but the rows of some keys. */
    Ranking<K> without(Predicate<K> unwanted) {
        Ranking<K> rest = only(unwanted.negate());
        rest.others.add(others);
        rest.created = created - (rows.size() - rest.rows.size());
        return rest;
    }

    public Top<K> top(int count) {
        Comparator<RankedRow<K>> order = Comparator.comparing(RankedRow::first);
        return top(count, order.thenComparingLong(row -> row.tally().lines()));
    }

    /**
     * The first rows by an order of the caller.
     *
     * @param order what has the most comes first
     */
    public Top<K> top(int count, Comparator<RankedRow<K>> order) {
        List<RankedRow<K>> descending = new ArrayList<>(rows.values());
        descending.sort(order.reversed().thenComparing(row -> row.key().toString()));
        List<RankedRow<K>> top = List.copyOf(descending.subList(0, Math.min(count, descending.size())));
        Tally rest = new Tally();
        rest.add(others);
        descending.subList(top.size(), descending.size()).forEach(row -> rest.add(row.tally()));
        return new Top<>(top, rest, created - top.size(), floor);
    }
}
