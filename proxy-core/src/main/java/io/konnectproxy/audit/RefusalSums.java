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
 * Decides which refusals have a line of their own, and counts the others, so that nobody can fill the trail or push other
 * lines out of it. A client is an IPv4 address or an IPv6 /64, and the lines of a minute are bounded for each client and in
 * all. What a minute is, {@link #endMinute} says. Any thread; whoever counts waits for nobody but those who count for the
 * same client at the same moment.
 */
public final class RefusalSums {
    /** Lines of refusals in a minute, of all clients together. */
    public static final int LINES_IN_ALL = 1_000;

    /**
     * The most that one client can be given. The other half of the lines is for clients that have none yet, so that a few that
     * flood do not keep the trail from saying what others asked for.
     */
    public static final int MOST_LINES_A_CLIENT = LINES_IN_ALL / 2;

    /** Clients that are told apart in a minute; one sum is written for each at most, and one for all others. */
    public static final int CLIENTS = 1_000;

    /** Lines about refusals in a minute, sums included. */
    public static final int LINES_WITH_SUMS = LINES_IN_ALL + CLIENTS + 1;

    /** The key of all clients that have no place. */
    private static final Optional<InetAddress> OTHERS = Optional.empty();

    private final int linesPerClient;
    private final AtomicInteger lines = new AtomicInteger();
    private final AtomicInteger places = new AtomicInteger();
    private final ConcurrentHashMap<Optional<InetAddress>, Account> accounts = new ConcurrentHashMap<>();

    /** @param linesPerClient lines that a client has in a minute, at most {@value #MOST_LINES_A_CLIENT} */
    public RefusalSums(int linesPerClient) {
        if (linesPerClient < 1 || linesPerClient > MOST_LINES_A_CLIENT) {
            throw new IllegalArgumentException("lines for a client: " + linesPerClient);
        }
        this.linesPerClient = linesPerClient;
    }

    /**
     * Says of a refusal whether it has a line of its own; where it has none, it is counted.
     *
     * @param listener the local address that the client came to
     */
    public boolean hasLine(InetAddress client, String listener, Refusal refusal, Instant now) {
        Turn turn = new Turn(client, listener, refusal, now);
        accounts.compute(Optional.of(ClientNetwork.of(client)), turn::take);
        if (turn.homeless) {
            accounts.compute(OTHERS, turn::take);
        }
        return turn.line;
    }

    /**
     * Ends a minute, and begins another.
     *
     * @param written whether what was summed up can be written now; else it goes on being summed up
     * @return what has to be written, at most {@value #CLIENTS} and one more
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
                key.ifPresent(place -> places.decrementAndGet());
                return null;
            });
        }
        return sums;
    }

    /** One refusal on its way into an account. */
    private final class Turn {
        private final InetAddress client;
        private final String listener;
        private final Refusal refusal;
        private final Instant now;
        private boolean homeless;
        private boolean line;

        Turn(InetAddress client, String listener, Refusal refusal, Instant now) {
            this.client = client;
            this.listener = listener;
            this.refusal = refusal;
            this.now = now;
        }

        @Nullable
        Account take(Optional<InetAddress> key, @Nullable Account found) {
            homeless = found == null && key.isPresent() && !takePlace();
            if (homeless) {
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

    private boolean takePlace() {
        return places.getAndUpdate(taken -> taken < CLIENTS ? taken + 1 : taken) < CLIENTS;
    }

    private boolean takeLine(boolean first) {
        int most = first ? LINES_IN_ALL : MOST_LINES_A_CLIENT;
        return lines.getAndUpdate(taken -> taken < most ? taken + 1 : taken) < most;
    }

    /** What a client has had in this minute. Touched within the map's computations only. */
    private static final class Account {
        private int lines;
        private @Nullable Sum sum;
    }

    /** Refusals without lines. */
    private static final class Sum {
        private final InetAddress address;
        private final String listener;
        private final Instant first;
        private final Map<Refusal, Long> reasons = new EnumMap<>(Refusal.class);
        private boolean severalAddresses;
        private boolean severalListeners;
        private Instant last;

        Sum(Turn turn) {
            this.address = turn.client;
            this.listener = turn.listener;
            this.first = turn.now;
            this.last = turn.now;
        }

        void add(Turn turn) {
            severalAddresses |= !address.equals(turn.client);
            severalListeners |= !listener.equals(turn.listener);
            last = turn.now;
            reasons.merge(turn.refusal, 1L, Long::sum);
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
