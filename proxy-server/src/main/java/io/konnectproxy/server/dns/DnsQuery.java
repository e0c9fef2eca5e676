package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.DnsAnswer.Cause;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One query, from the first datagram to an answer or the deadline. If a resolver does not answer in time, the next one is
 * queried too; a single resolver is queried twice, since a datagram may be lost. The first usable answer counts. Runs on
 * the DNS event loop.
 */
final class DnsQuery {
    private static final int MAX_ATTEMPTS = 3;

    private final DnsNameResolver client;
    private final EventLoop loop;
    private final DnsQuestion question;
    private final Consumer<DnsAnswer> whenDone;
    private final Deque<InetSocketAddress> remaining;
    private final long deadlineNanos;
    private final long attemptNanos;
    private final List<Promise<?>> pending = new ArrayList<>();
    private Missing failure = new Missing(Cause.TIMED_OUT, "No resolver answered within dns.timeout.");
    private @Nullable Future<?> timer;
    private boolean done;

    DnsQuery(
            DnsNameResolver client,
            EventLoop loop,
            DnsQuestion question,
            List<InetSocketAddress> servers,
            Duration timeout,
            Consumer<DnsAnswer> whenDone) {
        this.client = client;
        this.loop = loop;
        this.question = question;
        this.whenDone = whenDone;
        this.remaining = new ArrayDeque<>(servers.subList(0, Math.min(servers.size(), MAX_ATTEMPTS)));
        if (remaining.size() == 1) {
            remaining.add(servers.get(0));
        }
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
        this.attemptNanos = timeout.toNanos() / Math.max(1, remaining.size());
    }

    void start() {
        if (remaining.isEmpty()) {
            finish(new Missing(
                    Cause.FAILED, "No resolver is known: none is in /etc/resolv.conf and none under dns.servers."));
        } else {
            queryNext();
        }
    }

    private void queryNext() {
        InetSocketAddress server = remaining.remove();
        Promise<AddressedEnvelope<? extends DnsResponse, InetSocketAddress>> promise = loop.newPromise();
        pending.add(promise);
        client.query(server, question, promise);
        promise.addListener(future -> {
            pending.remove(promise);
            if (future.isSuccess()) {
                onResponse(server, promise.getNow());
            } else if (!future.isCancelled() && !DnsNameResolver.isTimeoutError(future.cause())) {
                onFailure(server, new Missing(Cause.FAILED, "The resolver could not be asked."));
            }
        });
        if (!done && pending.contains(promise)) {
            startTimer();
        }
    }

    private void startTimer() {
        long left = deadlineNanos - System.nanoTime();
        long delay = remaining.isEmpty() ? left : Math.min(left, attemptNanos);
        timer = loop.schedule(this::onTimer, Math.max(0, delay), TimeUnit.NANOSECONDS);
    }

    private void onTimer() {
        if (deadlineNanos - System.nanoTime() <= 0) {
            finish(failure);
        } else if (remaining.isEmpty()) {
            startTimer();
        } else {
            queryNext();
        }
    }

    private void onResponse(
            InetSocketAddress server, AddressedEnvelope<? extends DnsResponse, InetSocketAddress> response) {
        DnsAnswer answer;
        try {
            answer = AnswerReader.read(question, response.content());
        } finally {
            response.release();
        }
        if (answer instanceof Missing missing && !missing.cause().isAnAnswer()) {
            onFailure(server, missing);
        } else {
            finish(answer);
        }
    }

    /** Does not query this resolver again. The next one is queried at once, unless another query is pending. */
    private void onFailure(InetSocketAddress server, Missing missing) {
        if (done) {
            return;
        }
        failure = missing;
        remaining.removeIf(server::equals);
        if (!pending.isEmpty()) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        if (remaining.isEmpty()) {
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
