package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.NameCache.CachedAnswer;
import io.konnectproxy.target.HostName;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One name that waits for its look-up or is being looked up, for all who ask for it. Belongs to {@link Lookups}. */
final class Lookup {
    private final HostName name;
    /** In whose turn it waits, or waited before it ran. */
    private final Set<Asker> askers = new LinkedHashSet<>();

    private final Set<Consumer<CachedAnswer>> waiting = new LinkedHashSet<>();
    private final List<DnsQuery> queries = new ArrayList<>();
    private @Nullable Asker turn;
    private @Nullable Future<?> patience;

    Lookup(HostName name) {
        this.name = name;
    }

    HostName name() {
        return name;
    }

    Set<Asker> askers() {
        return askers;
    }

    /** Who is to be told. */
    Set<Consumer<CachedAnswer>> waiting() {
        return waiting;
    }

    /** Whether it runs. */
    boolean runs() {
        return turn != null;
    }

    /** In whose turn it runs. */
    Asker turn() {
        if (turn == null) {
            throw new IllegalStateException("this look-up does not run");
        }
        return turn;
    }

    /** Ends the wait when the future's time comes, unless it runs by then. */
    void waitsUntil(Future<?> alarm) {
        patience = alarm;
    }

    boolean hasWaitedEnough() {
        return patience != null && patience.isDone();
    }

    void begins(Asker asker) {
        turn = asker;
    }

    void asks(DnsQuery query) {
        queries.add(query);
    }

    /** Closes its sockets, and hears of no answer any more. */
    void stops() {
        queries.forEach(DnsQuery::cancel);
        queries.clear();
        turn = null;
    }

    /** No longer waited for in any way. */
    void over() {
        if (patience != null) {
            patience.cancel(false);
        }
    }
}
