package io.konnectproxy.server.dns;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.target.HostName;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one absolute name after the other, as the system does with its search list: until one is found, or a name server
 * is silent. Lives on the asker's event loop.
 */
final class NameSearch {
    private final List<HostName> all;
    private final Deque<HostName> left;
    private final Function<HostName, Future<Resolution>> resolver;
    private @Nullable Unresolved failed;

    /** @param resolver resolves one name; its futures succeed on the asker's event loop */
    NameSearch(List<HostName> candidates, Function<HostName, Future<Resolution>> resolver) {
        this.all = candidates;
        this.left = new ArrayDeque<>(candidates);
        this.resolver = resolver;
    }

    Future<Resolution> begin(EventLoop loop) {
        Promise<Resolution> result = loop.newPromise();
        next(result);
        return result;
    }

    private void next(Promise<Resolution> result) {
        if (result.isDone()) {
            return;
        }
        Future<Resolution> asking = resolver.apply(left.remove());
        result.addListener(done -> {
            if (result.isCancelled()) {
                asking.cancel(false);
            }
        });
        asking.addListener(done -> {
            if (asking.isSuccess()) {
                onResolution(result, asking.getNow());
            } else {
                result.tryFailure(asking.cause());
            }
        });
    }

    private void onResolution(Promise<Resolution> result, Resolution resolution) {
        if (!(resolution instanceof Unresolved unresolved)
                || !goesOn(unresolved.refused().refusal())) {
            result.trySuccess(resolution);
            return;
        }
        if (failed == null || unresolved.refused().refusal() == Refusal.DNS_FAILED) {
            failed = unresolved;
        }
        if (left.isEmpty()) {
            result.trySuccess(notFound(failed));
        } else {
            next(result);
        }
    }

    private static boolean goesOn(Refusal refusal) {
        return refusal == Refusal.DNS_NOT_FOUND || refusal == Refusal.DNS_FAILED;
    }

    private Unresolved notFound(Unresolved of) {
        String names = all.stream().map(HostName::toString).collect(Collectors.joining(", "));
        return new Unresolved(
                new Refused(of.refused().refusal()),
                Optional.of(of.hint().map(hint -> hint + " ").orElse("") + "It was asked for " + names + "."));
    }
}
