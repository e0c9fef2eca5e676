package io.konnectproxy.server;

import io.konnectproxy.server.config.Configuration.Listener;
import io.konnectproxy.server.credentials.Users;
import io.konnectproxy.server.listener.Entrance;
import io.konnectproxy.server.tls.KeyFileException;
import io.konnectproxy.server.tls.RenewedIdentities;
import io.konnectproxy.server.tls.RenewedIdentity;
import io.konnectproxy.server.tls.ServerFiles;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The listeners with what they demand, kept up to date by the files that it is in. Any thread. */
final class Entrances implements AutoCloseable {
    private final RenewedIdentities identities = new RenewedIdentities();
    /** By their file: listeners that share one share what is known of it, and of those who guess. */
    private final Map<String, Users> users = new HashMap<>();

    private final List<Entrance> all = new ArrayList<>();

    private Entrances() {}

    /**
     * Reads what the listeners need.
     *
     * @throws IOException with a sentence for the operator
     */
    static Entrances open(List<Listener> listeners) throws IOException {
        Entrances entrances = new Entrances();
        try {
            for (Listener listener : listeners) {
                entrances.add(listener);
            }
            return entrances;
        } catch (KeyFileException | IllegalArgumentException e) {
            entrances.close();
            throw new IOException(e.getMessage(), e);
        }
    }

    private void add(Listener listener) throws KeyFileException {
        Optional<Supplier<SslContext>> tls = Optional.empty();
        if (listener.tls().isPresent()) {
            tls = Optional.of(identity(listener.tls().get())::context);
        }
        all.add(new Entrance(
                listener.address(),
                tls,
                listener.credentials().map(file -> users.computeIfAbsent(file, Entrances::users)),
                listener.sources(),
                listener.proxyProtocol()));
    }

    private static Users users(String file) {
        try {
            return Users.of(file);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " " + e.getMessage() + ".", e);
        }
    }

    private RenewedIdentity identity(ServerFiles files) throws KeyFileException {
        return identities.add(files);
    }

    /** In the order in which the listeners were given. */
    List<Entrance> all() {
        return List.copyOf(all);
    }

    /** Takes certificates and users as their files are now. */
    void lookNow() {
        identities.lookNow();
        users.values().forEach(Users::lookNow);
    }

    @Override
    public void close() {
        identities.close();
        users.values().forEach(Users::close);
    }
}
