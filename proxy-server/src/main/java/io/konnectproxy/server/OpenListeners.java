package io.konnectproxy.server;

import io.konnectproxy.keys.KeyFileException;
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
import java.util.function.Supplier;

/** The listeners with their certificates and users, which are reloaded when their files change. Thread-safe. */
final class OpenListeners implements AutoCloseable {
    private final FileWatch watch = new FileWatch();
    /** By file: listeners with the same file share its users, and the throttling of failed logins. */
    private final Map<String, Users> users = new HashMap<>();

    private final List<Listener> all = new ArrayList<>();
    /** In the order of the listeners; empty for a plain one. */
    private final List<Optional<RenewedIdentity>> identities = new ArrayList<>();

    private OpenListeners() {}

    /**
     * Reads the files of the listeners.
     *
     * @throws IOException with a sentence for the operator
     */
    static OpenListeners open(List<ListenerSettings> listeners) throws IOException {
        OpenListeners openListeners = new OpenListeners();
        try {
            for (ListenerSettings listener : listeners) {
                openListeners.add(listener);
            }
            return openListeners;
        } catch (KeyFileException | IllegalArgumentException e) {
            openListeners.close();
            throw new IOException(e.getMessage(), e);
        }
    }

    private void add(ListenerSettings listener) throws KeyFileException {
        Optional<RenewedIdentity> identity =
                listener.tls().isPresent() ? Optional.of(identity(listener.tls().get())) : Optional.empty();
        Optional<Supplier<SslContext>> tls = identity.map(current -> current::context);
        identities.add(identity);
        all.add(new Listener(
                NetworkFamilies.listening(listener.address()),
                tls,
                listener.credentials().map(file -> users.computeIfAbsent(file, this::users)),
                listener.sources(),
                listener.proxyProtocol(),
                listener.probes()));
    }

    private Users users(String file) {
        try {
            return Users.of(file, watch);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " " + e.getMessage() + ".", e);
        }
    }

    private RenewedIdentity identity(ServerFiles files) throws KeyFileException {
        return RenewedIdentity.of(files, watch);
    }

    /** In the order in which the listeners were given. */
    List<Listener> all() {
        return List.copyOf(all);
    }

    /** When the certificate of each listener expires, in the same order; empty for a plain listener. */
    List<Optional<Instant>> certificatesExpire() {
        return identities.stream()
                .map(identity -> identity.map(current -> current.identity().notAfter()))
                .toList();
    }

    /** Checks the files of certificates and users now. */
    void lookNow() {
        watch.lookNow();
    }

    @Override
    public void close() {
        watch.close();
        users.values().forEach(Users::close);
    }
}
