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

/** The look-up of one name, queued or running, for all its askers. Used by {@link Lookups} only. */
final class Lookup {
    private final HostName name;
    /** The askers in whose queues it is, or was before it ran. */
    private final Set<Asker> askers = new LinkedHashSet<>();

    private final Set<Consumer<CachedAnswer>> callbacks = new LinkedHashSet<>();
    private final List<DnsQuery> queries = new ArrayList<>();
    private @Nullable Asker turn;
    private @Nullable Future<?> timeout;

    Lookup(HostName name) {
        this.name = name;
    }

    HostName name() {
        return name;
    }

    Set<Asker> askers() {
        return askers;
    }

    /** The callbacks for the result. */
    Set<Consumer<CachedAnswer>> callbacks() {
        return callbacks;
    }

    boolean isRunning() {
        return turn != null;
    }

    /** The asker that it is charged to while it runs. */
    Asker turn() {
        if (turn == null) {
            throw new IllegalStateException("look-up is not running");
        }
        return turn;
    }

    /** Sets the timer that ends its wait, unless it runs by then. */
    void setTimeout(Future<?> timer) {
        timeout = timer;
    }

    boolean hasTimedOut() {
        return timeout != null && timeout.isDone();
    }

    void start(Asker asker) {
        turn = asker;
    }

    void add(DnsQuery query) {
        queries.add(query);
    }

    /** Cancels its queries, which closes their sockets; it may run again. */
    void stop() {
        cancelQueries();
        turn = null;
    }

    void cancelQueries() {
        queries.forEach(DnsQuery::cancel);
        queries.clear();
    }

    void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
