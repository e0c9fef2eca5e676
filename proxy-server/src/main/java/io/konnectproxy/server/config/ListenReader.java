package io.konnectproxy.server.config;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.tls.ServerFiles;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads {@code listen}: its keys and their defaults. One instance a pass. */
final class ListenReader {
    private final ConfigurationSection top;
    private final List<ListenerSettings> listeners = new ArrayList<>();
    private final List<ListenerFacts> facts = new ArrayList<>();
    private boolean complete = true;

    private ListenReader(ConfigurationSection top) {
        this.top = top;
    }

    /**
     * The listeners that were read.
     *
     * @param facts of each listener, in the same order
     * @param complete false if there are problems, so that checks of what no listener has must be skipped
     */
    record Listeners(List<ListenerSettings> all, List<ListenerFacts> facts, boolean complete) {
        Listeners {
            all = List.copyOf(all);
            facts = List.copyOf(facts);
        }

        List<InetSocketAddress> addresses() {
            return all.stream().map(ListenerSettings::address).toList();
        }
    }

    static Listeners read(ConfigurationSection top) {
        return new ListenReader(top).read();
    }

    private Listeners read() {
        Optional<List<ListenerSettings>> read = top.sections("listen", Optional.of("address"), this::listener);
        if (read.isEmpty()) {
            complete &= !top.isSet("listen");
            add(new ListenerSettings(new InetSocketAddress(SocketAddresses.LOOPBACK, 3128)), new ListenerFacts());
        } else if (read.get().isEmpty()) {
            complete = false;
            top.problem("listen", "at least one address to listen on is needed, like [{address: 127.0.0.1:3128}]");
        }
        for (int i = 0; i < listeners.size(); i++) {
            InetSocketAddress address = listeners.get(i).address();
            for (ListenerSettings other : listeners.subList(0, i)) {
                if (SocketAddresses.collide(address, other.address())) {
                    top.problem("listen", twice(other.address(), address));
                }
            }
        }
        return new Listeners(listeners, facts, complete);
    }

    private static String twice(InetSocketAddress first, InetSocketAddress second) {
        if (first.getAddress().equals(second.getAddress())) {
            return "two listeners are on " + SocketAddresses.text(first) + "; keep one";
        }
        boolean isAll = first.getAddress().isAnyLocalAddress();
        return "one listener is on " + SocketAddresses.text(isAll ? second : first) + ", and one on "
                + SocketAddresses.text(isAll ? first : second) + ", which stands for that address too; keep one";
    }

    private void add(ListenerSettings listener, ListenerFacts found) {
        listeners.add(listener);
        facts.add(found);
    }

    private Optional<ListenerSettings> listener(ConfigurationSection section) {
        Optional<InetSocketAddress> address = section.required("address", SocketAddresses::listening);
        Optional<ConfigurationSection> tlsSection = section.optionalSection("tls");
        Optional<ServerFiles> tls = tlsSection.flatMap(ListenReader::tls);
        Optional<ListenerFacts.Identity> identity =
                tls.flatMap(files -> found(section, "tls", () -> ListenerFiles.identity(files)));
        Optional<String> credentials = section.demand("credentials", NamedFile.users());
        Optional<ListenerFacts.UserFacts> users =
                credentials.flatMap(file -> found(section, "credentials", () -> ListenerFiles.users(file)));
        List<Cidr> sources = blocks(section, "sources");
        List<Cidr> proxyProtocol = blocks(section, "proxy-protocol");
        List<Cidr> probes = blocks(section, "probes");
        complete &= section.isSound();
        Optional<ListenerSettings> listener =
                address.map(at -> new ListenerSettings(at, tls, credentials, sources, proxyProtocol, probes));
        listener.ifPresent(present -> {
            requireReachable(section, present);
            add(present, new ListenerFacts(identity, users));
        });
        return listener;
    }

    private static Optional<ServerFiles> tls(ConfigurationSection tls) {
        try (tls) {
            Optional<String> certificate = tls.required("certificate", NamedFile::readable);
            Optional<String> key = tls.required("key", NamedFile::readable);
            Optional<String> password = tls.optional("key-password-file", Optional.empty(), NamedFile.password());
            Optional<String> clientCa = tls.demand("client-ca", NamedFile::readable);
            return tls.isSound()
                    ? certificate.flatMap(c -> key.map(k -> new ServerFiles(c, k, password, clientCa)))
                    : Optional.empty();
        }
    }

    /** Reads the files of a key; a failure becomes a problem of the key. */
    private static <T> Optional<T> found(ConfigurationSection section, String key, Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (IllegalArgumentException e) {
            section.problem(key, e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Cidr> blocks(ConfigurationSection section, String key) {
        return section.list(key, Values.parsed(Cidr::parse)).orElse(List.of());
    }

    /** Reports blocks that can never match: those of the other family, unless a PROXY header can carry them. */
    private static void requireReachable(ConfigurationSection section, ListenerSettings listener) {
        listener.proxyProtocol().stream()
                .filter(block -> !Reach.family(listener, block))
                .forEach(block -> section.problem("proxy-protocol", neverComes(listener, block)));
        listener.sources().stream()
                .filter(block -> listener.proxyProtocol().isEmpty() && !Reach.family(listener, block))
                .forEach(block -> section.problem("sources", neverComes(listener, block)));
        listener.probes().stream()
                .filter(block -> !Reach.accepts(listener, block))
                .forEach(block -> section.problem(
                        "probes",
                        listener.proxyProtocol().isEmpty() && !Reach.family(listener, block)
                                ? neverComes(listener, block)
                                : "whoever comes from " + block + " is refused, for 'sources' does not have it; add it"
                                        + " there, or leave the block out"));
    }

    private static String neverComes(ListenerSettings listener, Cidr block) {
        return "nobody from " + block + " ever comes to " + SocketAddresses.text(listener.address())
                + ", which is of another family; leave the block out";
    }
}
