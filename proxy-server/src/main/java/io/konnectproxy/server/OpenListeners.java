package io.konnectproxy.server;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.server.admin.PageAccess;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.Admin;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.credentials.Users;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.server.listener.Listener;
import io.konnectproxy.server.socket.NetworkFamilies;
import io.konnectproxy.server.tls.RenewedIdentity;
import io.konnectproxy.server.tls.ServerFiles;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The certificates and users of listeners, and the users of the live page, which are reloaded when their files change. Listeners with the same files share
 * them, with the throttling of failed logins, and those that keep their settings over a change of the configuration stay the
 * same. Thread-safe.
 */
final class OpenListeners implements AutoCloseable {
    private final FileWatch watch = new FileWatch();
    private final Map<String, Users> users = new HashMap<>();
    private final Map<ServerFiles, SharedIdentity> identities = new HashMap<>();
    private final Map<ListenerSettings, Listener> listeners = new HashMap<>();

    /** @param context is always the same object, by which listeners are compared */
    private record SharedIdentity(RenewedIdentity renewed, Supplier<SslContext> context) {}

    /**
     * Reads the files of those listeners that are new.
     *
     * @return in the given order
     * @throws IOException with a sentence for the operator; {@link #keep} then closes what was opened
     */
    synchronized List<Listener> open(List<ListenerSettings> settings) throws IOException {
        List<Listener> all = new ArrayList<>();
        try {
            for (ListenerSettings each : settings) {
                all.add(listener(each));
            }
            return all;
        } catch (KeyFileException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Listener listener(ListenerSettings settings) throws KeyFileException {
        Listener known = listeners.get(settings);
        if (known != null) {
            return known;
        }
        Optional<Supplier<SslContext>> tls = Optional.empty();
        if (settings.tls().isPresent()) {
            tls = Optional.of(identity(settings.tls().get()).context());
        }
        Listener listener = new Listener(
                NetworkFamilies.listening(settings.address()),
                tls,
                settings.credentials().map(file -> users.computeIfAbsent(file, this::users)),
                settings.sources(),
                settings.proxyProtocol(),
                settings.probes());
        listeners.put(settings, listener);
        return listener;
    }

    private Users users(String file) {
        try {
            return Users.of(file, watch);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " " + e.getMessage() + ".", e);
        }
    }

    private SharedIdentity identity(ServerFiles files) throws KeyFileException {
        SharedIdentity known = identities.get(files);
        if (known != null) {
            return known;
        }
        RenewedIdentity renewed = RenewedIdentity.of(files, watch);
        SharedIdentity identity = new SharedIdentity(renewed, renewed::context);
        identities.put(files, identity);
        return identity;
    }

    /**
     * Who may see the live page.
     *
     * @throws IOException with a sentence for the operator; {@link #keep} then closes what was opened
     */
    synchronized PageAccess access(Admin settings) throws IOException {
        if (settings.isPageWithheld()) {
            return PageAccess.withheld("The live page is off, for " + Admin.WITHHELD + ".");
        }
        try {
            return settings.page()
                    ? PageAccess.of(settings.credentials().map(file -> users.computeIfAbsent(file, this::users)))
                    : PageAccess.OFF;
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Closes what neither these listeners nor the live page need. */
    synchronized void keep(Configuration configuration) {
        List<ListenerSettings> settings = configuration.listen();
        listeners.keySet().retainAll(Set.copyOf(settings));
        Set<ServerFiles> files =
                settings.stream().flatMap(each -> each.tls().stream()).collect(Collectors.toSet());
        identities.entrySet().removeIf(each -> {
            boolean unused = !files.contains(each.getKey());
            if (unused) {
                watch.remove(each.getValue().renewed());
            }
            return unused;
        });
        Set<String> named = Stream.concat(
                        settings.stream().flatMap(each -> each.credentials().stream()),
                        configuration.admin().credentials().stream())
                .collect(Collectors.toSet());
        users.entrySet().removeIf(each -> {
            boolean unused = !named.contains(each.getKey());
            if (unused) {
                each.getValue().close();
            }
            return unused;
        });
    }

    /**
     * When the certificate of each of these listeners expires, in the same order; empty for a plain listener, and for one that
     * is not open any more. Any thread.
     */
    synchronized List<Optional<Instant>> certificatesExpire(List<ListenerSettings> settings) {
        return settings.stream()
                .map(each -> each.tls()
                        .flatMap(files -> Optional.ofNullable(identities.get(files)))
                        .map(identity -> identity.renewed().identity().notAfter()))
                .toList();
    }

    /** Checks the files of certificates and users now. Any thread. */
    void lookNow() {
        watch.lookNow();
    }

    @Override
    public void close() {
        watch.close();
        users.values().forEach(Users::close);
    }
}
