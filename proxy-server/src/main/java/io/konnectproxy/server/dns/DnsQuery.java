package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.DnsAnswer.Cause;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One query, from the first datagram to an answer or the deadline. If a resolver does not answer in time, the next one is
 * queried too. At last those that were silent are queried again, since a datagram may be lost, and without EDNS, since
 * something may drop questions that have it; a resolver that answers EDNS with an error is queried without at once. The first
 * usable answer counts. Runs on the DNS event loop.
 */
final class DnsQuery {
    /** Resolvers that are queried; each of them twice at most. */
    static final int MAX_SERVERS = 3;

    private final EventLoop loop;
    private final EdnsSupport edns;
    private final DnsQuestion question;
    private final Consumer<DnsAnswer> whenDone;
    private final Deque<InetSocketAddress> untried;
    /** What was answered by those that were queried with EDNS: nothing, until an error came. */
    private final Map<InetSocketAddress, EdnsResult> withEdns = new HashMap<>();

    private final Set<InetSocketAddress> queriedAgain = new HashSet<>();
    private final Set<InetSocketAddress> silent = new HashSet<>();
    private final long deadlineNanos;
    private final long attemptNanos;
    private final List<Promise<?>> pending = new ArrayList<>();
    private Missing failure = new Missing(Cause.TIMED_OUT, "No resolver answered within dns.timeout.");
    private @Nullable Future<?> timer;
    private boolean done;

    private enum EdnsResult {
        SILENCE,
        ERROR
    }

    DnsQuery(
            EventLoop loop,
            EdnsSupport edns,
            DnsQuestion question,
            List<InetSocketAddress> servers,
            Duration timeout,
            Consumer<DnsAnswer> whenDone) {
        this.loop = loop;
        this.edns = edns;
        this.question = question;
        this.whenDone = whenDone;
        this.untried = new ArrayDeque<>(servers.subList(0, Math.min(servers.size(), MAX_SERVERS)));
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
        this.attemptNanos = timeout.toNanos() / (untried.size() + 1);
    }

    void start() {
        if (untried.isEmpty()) {
            finish(new Missing(
                    Cause.FAILED, "No resolver is known: none is in /etc/resolv.conf and none under dns.servers."));
        } else {
            queryNext();
        }
    }

    private void queryNext() {
        InetSocketAddress server = untried.remove();
        silent.add(server);
        query(server, edns.isUsed(server));
        if (!done && !pending.isEmpty()) {
            startTimer();
        }
    }

    private void queryAgain() {
        List.copyOf(silent).forEach(this::queryAgain);
        if (!done) {
            startTimer();
        }
    }

    private void queryAgain(InetSocketAddress server) {
        if (queriedAgain.add(server)) {
            query(server, false);
        }
    }

    private void query(InetSocketAddress server, boolean extended) {
        if (extended) {
            withEdns.put(server, EdnsResult.SILENCE);
        }
        Promise<DnsResponse> promise = DnsExchange.begin(loop, server, question, extended);
        pending.add(promise);
        promise.addListener(future -> {
            pending.remove(promise);
            if (future.isSuccess()) {
                onResponse(server, extended, promise.getNow());
            } else if (!future.isCancelled()) {
                onFailure(server, new Missing(Cause.FAILED, "The resolver could not be asked."));
            }
        });
    }

    private void startTimer() {
        long left = deadlineNanos - System.nanoTime();
        long delay = untried.isEmpty() && silent.stream().allMatch(queriedAgain::contains)
                ? left
                : Math.min(left, attemptNanos);
        if (timer != null) {
            timer.cancel(false);
        }
        timer = loop.schedule(this::onTimer, Math.max(0, delay), TimeUnit.NANOSECONDS);
    }

    private void onTimer() {
        if (deadlineNanos - System.nanoTime() <= 0) {
            finish(failure);
        } else if (untried.isEmpty()) {
            queryAgain();
        } else {
            queryNext();
        }
    }

    private void onResponse(InetSocketAddress server, boolean extended, DnsResponse response) {
        DnsAnswer answer;
        boolean refusesEdns;
        try {
            answer = AnswerReader.read(question, response);
            refusesEdns = AnswerReader.refusesEdns(response);
        } finally {
            response.release();
        }
        if (done) {
            return;
        }
        boolean error = answer instanceof Missing missing && !missing.cause().isAnAnswer();
        boolean doubtful = extended && (refusesEdns || !edns.isProven(server));
        if (error && doubtful && !queriedAgain.contains(server)) {
            withEdns.put(server, EdnsResult.ERROR);
            queryAgain(server);
        } else if (error) {
            onFailure(server, (Missing) answer);
        } else {
            learn(server, extended);
            finish(answer);
        }
    }

    private void learn(InetSocketAddress server, boolean extended) {
        if (extended) {
            edns.answered(server);
        } else if (withEdns.get(server) == EdnsResult.ERROR) {
            edns.refused(server);
        } else if (withEdns.get(server) == EdnsResult.SILENCE) {
            edns.ignored(server);
        }
    }

    /** Does not query this resolver again. The next one is queried at once, unless another query is pending. */
    private void onFailure(InetSocketAddress server, Missing missing) {
        if (done) {
            return;
        }
        failure = missing;
        silent.remove(server);
        if (!pending.isEmpty()) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        if (untried.isEmpty()) {
            finish(failure);
        } else {
            queryNext();
        }
    }

    private void finish(DnsAnswer answer) {
        if (!done) {
            cancel();
            whenDone.accept(answer);
        }
    }

    /** Ends the query without an answer. */
    void cancel() {
        done = true;
        if (timer != null) {
            timer.cancel(false);
        }
        // Cancelling closes the query's socket.
        List.copyOf(pending).forEach(promise -> promise.cancel(false));
    }
}
