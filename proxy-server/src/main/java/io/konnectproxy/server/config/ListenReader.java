package io.konnectproxy.server.config;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.server.config.Configuration.Listener;
import io.konnectproxy.server.tls.ServerFiles;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Names every key of {@code listen}, its default and its bounds. One instance a pass. */
final class ListenReader {
    private final Section top;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<ListenerFacts> facts = new ArrayList<>();
    private boolean complete = true;

    private ListenReader(Section top) {
        this.top = top;
    }

    /**
     * What was read.
     *
     * @param facts of each listener, in the same order
     * @param complete false where something is wrong, so that nothing is to be concluded from what the listeners lack
     */
    record Listeners(List<Listener> all, List<ListenerFacts> facts, boolean complete) {
        Listeners {
            all = List.copyOf(all);
            facts = List.copyOf(facts);
        }

        List<InetSocketAddress> addresses() {
            return all.stream().map(Listener::address).toList();
        }
    }

    static Listeners read(Section top) {
        return new ListenReader(top).read();
    }

    private Listeners read() {
        Optional<List<Listener>> read = top.sections("listen", Optional.of("address"), this::listener);
        if (read.isEmpty()) {
            complete &= !top.isSet("listen");
            add(new Listener(new InetSocketAddress(SocketAddresses.LOOPBACK, 3128)), new ListenerFacts());
        } else if (read.get().isEmpty()) {
            complete = false;
            top.problem("listen", "at least one address to listen on is needed, like [{address: 127.0.0.1:3128}]");
        }
        for (int i = 0; i < listeners.size(); i++) {
            InetSocketAddress address = listeners.get(i).address();
            for (Listener other : listeners.subList(0, i)) {
                if (SocketAddresses.collide(address, other.address())) {
                    top.problem("listen", "two listeners are on " + SocketAddresses.text(address) + "; keep one");
                }
            }
        }
        return new Listeners(listeners, facts, complete);
    }

    private void add(Listener listener, ListenerFacts found) {
        listeners.add(listener);
        facts.add(found);
    }

    private Optional<Listener> listener(Section section) {
        Optional<InetSocketAddress> address = section.required("address", SocketAddresses::listening);
        Optional<Section> tlsSection = section.optionalSection("tls");
        Optional<ServerFiles> tls = tlsSection.flatMap(ListenReader::tls);
        Optional<ListenerFacts.Identity> identity =
                tls.flatMap(files -> found(section, "tls", () -> ListenerFiles.identity(files)));
        Optional<String> credentials =
                section.demand("credentials", UndisclosedException.hiding("the file", NamedFile::readable));
        Optional<ListenerFacts.Users> users =
                credentials.flatMap(file -> found(section, "credentials", () -> ListenerFiles.users(file)));
        List<Cidr> sources = blocks(section, "sources");
        List<Cidr> proxyProtocol = blocks(section, "proxy-protocol");
        complete &= section.isSound();
        Optional<Listener> listener = address.map(at -> new Listener(at, tls, credentials, sources, proxyProtocol));
        listener.ifPresent(present -> {
            requireThatAllCanCome(section, present);
            add(present, new ListenerFacts(identity, users));
        });
        return listener;
    }

    private static Optional<ServerFiles> tls(Section tls) {
        try (tls) {
            Function<String, String> hidden = UndisclosedException.hiding("the file", NamedFile::readable);
            Optional<String> certificate = tls.required("certificate", NamedFile::readable);
            Optional<String> key = tls.required("key", NamedFile::readable);
            Optional<String> password = tls.optional("key-password-file", Optional.empty(), hidden);
            Optional<String> clientCa = tls.demand("client-ca", NamedFile::readable);
            return tls.isSound()
                    ? certificate.flatMap(c -> key.map(k -> new ServerFiles(c, k, password, clientCa)))
                    : Optional.empty();
        }
    }

    /** What a reader of files finds; what it objects to is a problem of the key. */
    private static <T> Optional<T> found(Section section, String key, Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (IllegalArgumentException e) {
            section.problem(key, e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Cidr> blocks(Section section, String key) {
        return section.list(key, Values.parsed(Cidr::parse)).orElse(List.of());
    }

    /** Says which blocks never come: those of the other family, where nobody speaks in their place. */
    private static void requireThatAllCanCome(Section section, Listener listener) {
        listener.proxyProtocol().stream()
                .filter(block -> !Reach.family(listener, block))
                .forEach(block -> section.problem("proxy-protocol", neverComes(listener, block)));
        listener.sources().stream()
                .filter(block -> listener.proxyProtocol().isEmpty() && !Reach.family(listener, block))
                .forEach(block -> section.problem("sources", neverComes(listener, block)));
    }

    private static String neverComes(Listener listener, Cidr block) {
        return "nobody from " + block + " ever comes to " + SocketAddresses.text(listener.address())
                + ", which is of another family; leave the block out";
    }
}
