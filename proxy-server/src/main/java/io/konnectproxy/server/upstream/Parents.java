package io.konnectproxy.server.upstream;

import io.konnectproxy.policy.Rule;
import io.konnectproxy.server.config.Configuration.Parent;
import io.konnectproxy.server.config.ParentUrl;
import io.konnectproxy.server.dns.ParentResolver;
import io.konnectproxy.server.dns.Resolution;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.target.HostName;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** The parent proxies, in the order of the configuration. Thread-safe. */
public final class Parents {
    private final List<ParentProxy> all;

    private Parents(List<ParentProxy> all) {
        this.all = List.copyOf(all);
    }

    /** No parents: everything is dialled directly. */
    public static Parents none() {
        return new Parents(List.of());
    }

    /**
     * Prepares all parents before the first client connects.
     *
     * @throws IOException with a sentence for the operator, where one of them can never be used
     */
    public static Parents of(List<Parent> settings, ParentResolver resolver, LongSupplier nanoTime) throws IOException {
        List<ParentProxy> all = new ArrayList<>();
        for (Parent each : settings) {
            all.add(parent(each, resolver, nanoTime));
        }
        return new Parents(all);
    }

    private static ParentProxy parent(Parent settings, ParentResolver resolver, LongSupplier nanoTime)
            throws IOException {
        ParentUrl url = settings.url();
        Optional<Resolution> literal = resolver.literal(url.host(), url.port());
        if (literal.isPresent() && literal.get() instanceof Unresolved unresolved) {
            throw new IOException("The parent proxy " + url + " cannot be used. "
                    + unresolved.hint().orElse(""));
        }
        Function<EventLoop, Future<Resolution>> addresses;
        if (literal.isPresent()) {
            addresses = loop -> loop.newSucceededFuture(literal.get());
        } else {
            HostName host = name(url);
            addresses = loop -> resolver.resolve(host, url.port(), loop);
        }
        return new ParentProxy(
                settings, addresses, trust(settings), literal.isEmpty(), new ParentHealth(url.toString(), nanoTime));
    }

    private static HostName name(ParentUrl url) throws IOException {
        try {
            return HostName.of(url.host());
        } catch (IllegalArgumentException e) {
            throw new IOException("The parent proxy " + url + " cannot be used. " + e.getMessage(), e);
        }
    }

    private static Optional<SSLContext> trust(Parent settings) throws IOException {
        if (!settings.url().tls()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    settings.trust().isPresent() ? settings.trust().get().clientContext() : trustOfTheJvm());
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "This Java cannot speak TLS to the parent proxy " + settings.url() + ": " + e.getMessage() + ".",
                    e);
        }
    }

    private static SSLContext trustOfTheJvm() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        return context;
    }

    /** Whether each parent answered when it was last tried, by its URL without credentials. */
    public Map<String, Boolean> available() {
        return all.stream()
                .collect(Collectors.toMap(
                        parent -> parent.url().toString(),
                        parent -> parent.health().answers(),
                        Boolean::logicalAnd));
    }

    /**
     * The parents for a rule in the order in which they are tried: those that could not be reached recently come last.
     * If there are none, the upstream is dialled directly.
     */
    List<ParentProxy> to(Rule rule) {
        if (all.isEmpty()) {
            return all;
        }
        Map<Boolean, List<ParentProxy>> byHealth = all.stream()
                .filter(parent -> parent.isFor(rule))
                .collect(Collectors.partitioningBy(parent -> parent.health().isGood()));
        return Stream.of(true, false)
                .flatMap(good -> byHealth.getOrDefault(good, List.of()).stream())
                .toList();
    }
}
