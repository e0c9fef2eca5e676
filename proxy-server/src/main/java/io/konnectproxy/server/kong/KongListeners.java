package io.konnectproxy.server.kong;

import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.tls.ServerFiles;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Derives Kong's settings from the listeners of a configuration. An instance is used once. */
public final class KongListeners {
    /** The placeholder for what only the operator knows. */
    static final String HOST = "PROXY-HOST";

    private static final String USER = "USER";

    private final EgressPolicy.Clients clients;
    private final KongOptions options;
    private final List<KongListener> found = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * @throws IllegalArgumentException with a sentence, where the configuration does not have the chosen listener
     */
    public KongListeners(Configuration configuration, KongOptions options) {
        this.clients = configuration.clients();
        this.options = options;
        List<ListenerSettings> chosen = configuration.listen().stream()
                .filter(listener -> options.isFor(text(listener)))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("--listener "
                    + options.listener().orElse("")
                    + " is no listener of this configuration; these are: "
                    + String.join(
                            ", ",
                            configuration.listen().stream()
                                    .map(KongListeners::text)
                                    .toList()));
        }
        chosen.forEach(this::look);
        if (found.size() > 1) {
            warnings.add(found.size() + " listeners: each block stands for itself; --listener chooses one");
        }
    }

    /** The listeners that Kong can use, which may be none. */
    public List<KongListener> found() {
        return List.copyOf(found);
    }

    /** Whole sentences for the operator, without secrets. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private void look(ListenerSettings listener) {
        if (listener.tls().flatMap(ServerFiles::clientCa).isPresent()) {
            warn(listener, "is not for Kong: it demands a client certificate, and Kong has none for a proxy");
        } else if (listener.address().getPort() == 0 && options.port().isEmpty()) {
            warn(listener, "is not for Kong: the system chooses its port; give it a fixed one, or --port");
        } else {
            List<String> hints = new ArrayList<>();
            ProxyUrl url = new ProxyUrl(
                    listener.tls().isPresent(),
                    host(listener, hints),
                    options.port().orElse(listener.address().getPort()),
                    login(listener, hints));
            requireEntry(listener, url);
            listener.tls().ifPresent(tls -> tls(tls, hints));
            found.add(new KongListener(title(listener), url, hints));
        }
    }

    private static String title(ListenerSettings listener) {
        return "Listener " + text(listener) + ": "
                + (listener.tls().isPresent() ? "TLS" : "plain")
                + (listener.credentials().isPresent() ? ", with credentials" : ", no credentials");
    }

    private String host(ListenerSettings listener, List<String> hints) {
        InetAddress address = listener.address().getAddress();
        List<String> names = listener.tls().map(ListenerFileFacts::names).orElse(List.of());
        if (address.isLoopbackAddress()) {
            warn(listener, "is reached from its own machine only; other addresses to listen on stand in 'listen'");
        }
        if (options.host().isPresent()) {
            requireCertified(listener, options.host().get(), names);
            return options.host().get();
        }
        Optional<String> certified =
                names.stream().filter(name -> name.indexOf('*') < 0).findFirst();
        if (certified.isPresent()) {
            return certified.get();
        }
        if (listener.tls().isPresent() || address.isAnyLocalAddress() || address.isLoopbackAddress()) {
            hints.add(HOST + ": the name under which data planes reach this proxy; --host fills it in.");
            warn(listener, "does not say under which name it is reached: replace " + HOST + ", or give --host");
            return HOST;
        }
        if (address instanceof Inet6Address) {
            hints.add(HOST + ": a name for " + address.getHostAddress() + "; --host fills it in.");
            warn(listener, "has an IPv6 address, and one as proxy crashes Kong: replace " + HOST + ", or give --host");
            return HOST;
        }
        return address.getHostAddress();
    }

    private void requireCertified(ListenerSettings listener, String host, List<String> names) {
        if (listener.tls().isEmpty()) {
            return;
        }
        if (NetUtil.isValidIpV4Address(host)) {
            warn(listener, "cannot be verified by Kong at an IP address: give a name of its certificate with --host");
        } else if (!names.isEmpty() && names.stream().noneMatch(name -> covers(name, host))) {
            warn(
                    listener,
                    "has a certificate for " + printable(String.join(", ", names)) + " and not for " + host
                            + ": Kong will not connect");
        }
    }

    /** RFC 6125: a wildcard is the whole first label. */
    private static boolean covers(String name, String host) {
        String first = name.startsWith("*.") && host.indexOf('.') > 0 ? host.substring(host.indexOf('.')) : host;
        return first.equalsIgnoreCase(name.startsWith("*.") ? name.substring(1) : name);
    }

    private Optional<ProxyUrl.Login> login(ListenerSettings listener, List<String> hints) {
        if (listener.credentials().isEmpty()) {
            options.user()
                    .ifPresent(user ->
                            warn(listener, "asks nobody for credentials: " + user + " is left out of its address"));
            return Optional.empty();
        }
        if (options.user().isEmpty()) {
            warn(listener, "demands credentials: replace USER and PASSWORD, or give --user and --password-file");
        } else {
            requireKnown(listener, options.user().get(), listener.credentials().get());
        }
        hints.add(
                options.password().isPresent()
                        ? "The address has a password in it: it is a secret."
                        : "PASSWORD: percent-encoded, @ is %40, # is %23; --password-file fills it in. It is a secret.");
        return Optional.of(new ProxyUrl.Login(options.user().orElse(USER), options.password()));
    }

    private void requireKnown(ListenerSettings listener, String user, String file) {
        ListenerFileFacts.users(file)
                .ifPresentOrElse(
                        users -> {
                            if (!users.contains(user)) {
                                warn(listener, "will refuse " + user + ", who is not in " + printable(file));
                            }
                        },
                        () -> warn(listener, "may not know " + user + ": " + printable(file) + " cannot be read here"));
    }

    /** Without client certificates, which Kong does not have for a proxy. */
    private void requireEntry(ListenerSettings listener, ProxyUrl url) {
        Optional<String> user = url.login().flatMap(login -> options.user());
        if (!clients.only() || user.filter(this::hasEntry).isPresent()) {
            return;
        }
        boolean bySource =
                clients.entries().stream().anyMatch(entry -> entry.match() instanceof ClientEntry.Match.Source);
        boolean byUser = clients.entries().stream().anyMatch(entry -> entry.match() instanceof ClientEntry.Match.User);
        String who = user.orElse("whoever comes without a user");
        if (bySource) {
            warn(listener, "permits " + who + " nothing unless a 'source' of clients fits (clients-only)");
        } else if (user.isPresent() || url.login().isEmpty() || !byUser) {
            warn(listener, "permits " + who + " nothing: no entry of clients fits (clients-only)");
        }
    }

    private boolean hasEntry(String user) {
        return clients.entries().stream().anyMatch(entry -> entry.match().equals(new ClientEntry.Match.User(user)));
    }

    private static void tls(ServerFiles files, List<String> hints) {
        hints.add("The CA: "
                + ListenerFileFacts.authority(files)
                        .map(file -> printable(file) + " of the proxy.")
                        .orElse("the one that issued " + printable(files.certificate())
                                + " of the proxy. If it is a public one, 'system' is enough."));
        hints.add("Kong resolves the name once, when it starts.");
    }

    private void warn(ListenerSettings listener, String predicate) {
        warnings.add("listener " + text(listener) + " " + predicate);
    }

    private static String text(ListenerSettings listener) {
        return NetUtil.toSocketAddressString(listener.address()).toLowerCase(Locale.ROOT);
    }

    /** A line end in a name would end the comment that contains it. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
    }
}
