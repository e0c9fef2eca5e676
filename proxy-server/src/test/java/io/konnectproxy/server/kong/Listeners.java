package io.konnectproxy.server.kong;

import io.konnectproxy.keys.Secret;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.tls.ServerFiles;
import io.konnectproxy.support.Pem;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Configurations with listeners of all kinds, and what may be chosen for. */
final class Listeners {
    static final KongOptions NONE = new KongOptions(
            Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());

    private Listeners() {}

    static KongOptions host(String host) {
        return new KongOptions(
                Optional.empty(), Optional.of(host), OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    static KongOptions login(String user, String password) {
        return new KongOptions(
                Optional.empty(),
                Optional.of("proxy.corp.example"),
                OptionalInt.empty(),
                Optional.of(user),
                Optional.of(new Secret(password)));
    }

    static ListenerSettings plain(String address) {
        return listener(address, Optional.empty(), Optional.empty());
    }

    static ListenerSettings listener(String address, Optional<ServerFiles> tls, Optional<String> users) {
        int colon = address.lastIndexOf(':');
        return new ListenerSettings(
                new InetSocketAddress(
                        NetUtil.createInetAddressFromIpAddressString(
                                address.substring(0, colon).replaceAll("[\\[\\]]", "")),
                        Integer.parseInt(address.substring(colon + 1))),
                tls,
                users,
                List.of(),
                List.of(),
                List.of());
    }

    static ServerFiles files(String certificate) {
        return new ServerFiles(certificate, "tls.key", Optional.empty(), Optional.empty());
    }

    /** A certificate for these names, and its authority beside it. */
    static ServerFiles certified(Path directory, String... names) throws Exception {
        CarelessCa ca = new CarelessCa();
        write(directory.resolve("ca.crt"), ca.certificate());
        Path file = directory.resolve("tls.crt");
        write(file, ca.issue(names));
        return files(file.toString());
    }

    static void write(Path file, Certificate certificate) throws Exception {
        Files.writeString(file, Pem.of(certificate));
    }

    static Configuration configuration(ListenerSettings... listeners) throws Exception {
        return configuration(EgressPolicy.Clients.none(), listeners);
    }

    static Configuration configuration(EgressPolicy.Clients clients, ListenerSettings... listeners) throws Exception {
        Path file = Files.createTempFile("konnect-proxy", ".yaml");
        Files.writeString(file, "regions: [us]\n");
        Configuration plain = ConfigurationLoader.load(file, Map.of()).configuration();
        Files.delete(file);
        return new Configuration(
                List.of(listeners),
                plain.konnectHosts(),
                plain.catalog(),
                plain.rules(),
                clients,
                plain.dns(),
                plain.permitAddresses(),
                plain.resumption(),
                plain.parents(),
                plain.sourceAddress(),
                plain.timeouts(),
                plain.limits(),
                plain.instance(),
                plain.audit(),
                plain.admin());
    }

    static ClientEntry entry(ClientEntry.Match match) {
        return new ClientEntry("some", match, Set.of(), Set.of(), Set.of());
    }
}
