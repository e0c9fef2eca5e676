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
 * One question to the resolvers, from the first datagram to an answer or the deadline. While a resolver is silent, the next one
 * is asked too; a single resolver is asked twice, since a datagram may be lost. The first usable answer counts. All on the DNS
 * event loop.
 */
final class DnsQuery {
    private static final int MAX_ATTEMPTS = 3;

    private final DnsNameResolver client;
    private final EventLoop loop;
    private final DnsQuestion question;
    private final Consumer<DnsAnswer> whenDone;
    private final Deque<InetSocketAddress> toAsk;
    private final long deadlineNanos;
    private final long patienceNanos;
    private final List<Promise<?>> waitingFor = new ArrayList<>();
    private Missing worst = new Missing(Cause.TIMED_OUT, "No resolver answered within dns.timeout.");
    private @Nullable Future<?> alarm;
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
        this.toAsk = new ArrayDeque<>(servers.subList(0, Math.min(servers.size(), MAX_ATTEMPTS)));
        if (toAsk.size() == 1) {
            toAsk.add(servers.get(0));
        }
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
        this.patienceNanos = timeout.toNanos() / Math.max(1, toAsk.size());
    }

    void start() {
        if (toAsk.isEmpty()) {
            finish(new Missing(
                    Cause.FAILED, "No resolver is known: none is in /etc/resolv.conf and none under dns.servers."));
        } else {
            askNext();
        }
    }

    private void askNext() {
        InetSocketAddress server = toAsk.remove();
        Promise<AddressedEnvelope<? extends DnsResponse, InetSocketAddress>> promise = loop.newPromise();
        waitingFor.add(promise);
        client.query(server, question, promise);
        promise.addListener(future -> {
            waitingFor.remove(promise);
            if (future.isSuccess()) {
                onResponse(server, promise.getNow());
            } else if (!future.isCancelled() && !DnsNameResolver.isTimeoutError(future.cause())) {
                onFailure(server, new Missing(Cause.FAILED, "The resolver could not be asked."));
            }
        });
        if (!done && waitingFor.contains(promise)) {
            setAlarm();
        }
    }

    private void setAlarm() {
        long left = deadlineNanos - System.nanoTime();
        long delay = toAsk.isEmpty() ? left : Math.min(left, patienceNanos);
        alarm = loop.schedule(this::onAlarm, Math.max(0, delay), TimeUnit.NANOSECONDS);
    }

    private void onAlarm() {
        if (deadlineNanos - System.nanoTime() <= 0) {
            finish(worst);
        } else if (toAsk.isEmpty()) {
            setAlarm();
        } else {
            askNext();
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

    /** That resolver need not be asked again; the next one is asked at once, unless another may still answer. */
    private void onFailure(InetSocketAddress server, Missing missing) {
        if (done) {
            return;
        }
        worst = missing;
        toAsk.removeIf(server::equals);
        if (!waitingFor.isEmpty()) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        if (toAsk.isEmpty()) {
            finish(worst);
        } else {
            askNext();
        }
    }

    private void finish(DnsAnswer answer) {
        if (!done) {
            cancel();
            whenDone.accept(answer);
        }
    }

    /** Ends it without an answer. */
    void cancel() {
        done = true;
        if (alarm != null) {
            alarm.cancel(false);
        }
        // Cancelling closes the query's socket.
        List.copyOf(waitingFor).forEach(promise -> promise.cancel(false));
    }
}
