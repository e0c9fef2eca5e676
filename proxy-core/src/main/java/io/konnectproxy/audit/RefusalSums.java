package io.konnectproxy.audit;

import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.audit.AuditRecord.Refusals;
import io.konnectproxy.policy.Refusal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Decides which refusals have a line of their own, and counts the others, so that no client can fill the trail or displace
 * other lines. A client is an IPv4 address or an IPv6 /64. The number of lines in a minute is limited for each client and for
 * all clients together; {@link #endMinute} ends a minute. Thread-safe; a caller only waits for callers that count for the same
 * client.
 */
public final class RefusalSums {
    /** Maximum number of refusal lines in a minute, for all clients together. */
    public static final int LINES_IN_ALL = 1_000;

    /**
     * Maximum of the limit for one client. The other half of the lines is reserved for clients that have none yet, so that the
     * trail shows the requests of others while a few clients flood.
     */
    public static final int MOST_LINES_A_CLIENT = LINES_IN_ALL / 2;

    /** Clients that are counted separately in a minute. At most one sum is written for each, and one for all others. */
    public static final int CLIENTS = 1_000;

    /** Maximum number of lines about refusals in a minute, sums included. */
    public static final int LINES_WITH_SUMS = LINES_IN_ALL + CLIENTS + 1;

    /** The key of all clients that are not counted separately. */
    private static final Optional<InetAddress> OTHERS = Optional.empty();

    private volatile int linesPerClient;
    private final AtomicInteger lines = new AtomicInteger();
    private final AtomicInteger slots = new AtomicInteger();
    private final ConcurrentHashMap<Optional<InetAddress>, Account> accounts = new ConcurrentHashMap<>();

    /** @param linesPerClient lines of a client in a minute, at most {@value #MOST_LINES_A_CLIENT} */
    public RefusalSums(int linesPerClient) {
        this.linesPerClient = checked(linesPerClient);
    }

    /** Changes the lines of a client in a minute, from its next refusal on. */
    public void limit(int linesPerClient) {
        this.linesPerClient = checked(linesPerClient);
    }

    private static int checked(int linesPerClient) {
        if (linesPerClient < 1 || linesPerClient > MOST_LINES_A_CLIENT) {
            throw new IllegalArgumentException(
                    "linesPerClient must be 1 to " + MOST_LINES_A_CLIENT + ": " + linesPerClient);
        }
        return linesPerClient;
    }

    /**
     * Whether a refusal has a line of its own. If it has none, it is counted.
     *
     * @param listener the local address of the client's connection
     */
    public boolean hasLine(InetAddress client, String listener, Refusal refusal, Instant now) {
        Occurrence occurrence = new Occurrence(client, listener, refusal, now);
        accounts.compute(Optional.of(ClientNetwork.of(client)), occurrence::count);
        if (occurrence.withoutSlot) {
            accounts.compute(OTHERS, occurrence::count);
        }
        return occurrence.line;
    }

    /**
     * Ends a minute and starts the next one.
     *
     * @param written whether the sums can be written now; if not, they are carried over to the next minute
     * @return the sums to write, at most {@value #CLIENTS} and one more
     */
    public List<Refusals> endMinute(boolean written, Instant now) {
        List<Refusals> sums = new ArrayList<>();
        lines.set(0);
        for (Optional<InetAddress> client : accounts.keySet()) {
            accounts.computeIfPresent(client, (key, account) -> {
                if (account.sum != null && !written) {
                    account.lines = 0;
                    return account;
                }
                if (account.sum != null) {
                    sums.add(account.sum.record(key, now));
                }
                key.ifPresent(counted -> slots.decrementAndGet());
                return null;
            });
        }
        return sums;
    }

    /** One refusal, while it is added to an account. */
    private final class Occurrence {
        private final InetAddress client;
        private final String listener;
        private final Refusal refusal;
        private final Instant now;
        private boolean withoutSlot;
        private boolean line;

        Occurrence(InetAddress client, String listener, Refusal refusal, Instant now) {
            this.client = client;
            this.listener = listener;
            this.refusal = refusal;
            this.now = now;
        }

        @Nullable
        Account count(Optional<InetAddress> key, @Nullable Account found) {
            withoutSlot = found == null && key.isPresent() && !takeSlot();
            if (withoutSlot) {
                return null;
            }
            Account account = found == null ? new Account() : found;
            line = key.isPresent() && account.lines < linesPerClient && takeLine(account.lines == 0);
            if (line) {
                account.lines++;
                return account;
            }
            if (account.sum == null) {
                account.sum = new Sum(this);
            }
            account.sum.add(this);
            return account;
        }
    }

    private boolean takeSlot() {
        return slots.getAndUpdate(taken -> taken < CLIENTS ? taken + 1 : taken) < CLIENTS;
    }

    private boolean takeLine(boolean first) {
        int most = first ? LINES_IN_ALL : MOST_LINES_A_CLIENT;
        return lines.getAndUpdate(taken -> taken < most ? taken + 1 : taken) < most;
    }

    /** The lines and the sum of a client in this minute. Accessed within the map's computations only. */
    private static final class Account {
        private int lines;
        private @Nullable Sum sum;
    }

    /** The refusals of an account that have no line. */
    private static final class Sum {
        private final InetAddress address;
        private final String listener;
        private final Instant first;
        private final Map<Refusal, Long> reasons = new EnumMap<>(Refusal.class);
        private boolean severalAddresses;
        private boolean severalListeners;
        private Instant last;

        Sum(Occurrence occurrence) {
            this.address = occurrence.client;
            this.listener = occurrence.listener;
            this.first = occurrence.now;
            this.last = occurrence.now;
        }

        void add(Occurrence occurrence) {
            severalAddresses |= !address.equals(occurrence.client);
            severalListeners |= !listener.equals(occurrence.listener);
            last = occurrence.now;
            reasons.merge(occurrence.refusal, 1L, Long::sum);
        }

        Refusals record(Optional<InetAddress> key, Instant now) {
            return new Refusals(
                    now,
                    key.map(client ->
                            new Refusals.CountedClient(severalAddresses ? client : address, severalAddresses)),
                    severalListeners ? Optional.empty() : Optional.of(listener),
                    reasons,
                    first,
                    last);
        }
    }
}
