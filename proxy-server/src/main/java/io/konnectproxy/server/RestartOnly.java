package io.konnectproxy.server;

import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.journal.Journal;
import io.konnectproxy.journal.JournalException;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.config.SocketAddresses;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a running proxy cannot change. */
final class RestartOnly {
    private static final Map<String, Function<Configuration, Object>> SETTINGS = settings();

    private RestartOnly() {}

    private static Map<String, Function<Configuration, Object>> settings() {
        Map<String, Function<Configuration, Object>> settings = new LinkedHashMap<>();
        settings.put("instance", Configuration::instance);
        settings.put("admin.address", configuration -> configuration.admin().address());
        settings.put("audit.file", configuration -> configuration.audit().file());
        settings.put("audit.stdout", configuration -> configuration.audit().stdout());
        settings.put("audit.on-failure", configuration -> configuration.audit().onFailure());
        settings.put("audit.durability", configuration -> configuration.audit().durability());
        settings.put("audit.sign", configuration -> configuration.audit().sign());
        return settings;
    }

    /** A sentence for each setting that differs, with its place in the file, and for another key under the same name. */
    static List<String> problems(Configuration inForce, LoadedConfiguration next, Journal journal) {
        Stream<String> settings = SETTINGS.entrySet().stream()
                .filter(each ->
                        !each.getValue().apply(inForce).equals(each.getValue().apply(next.configuration())))
                .map(each -> place(each.getKey(), next)
                        + each.getKey()
                        + ": only a restart can change this; restart the proxy, or put the old value back");
        Stream<String> others = Stream.concat(collisions(inForce, next), signingKey(inForce, next, journal));
        return Stream.concat(settings, others).toList();
    }

    private static Stream<String> signingKey(Configuration inForce, LoadedConfiguration next, Journal journal) {
        AuditSettings audit = next.configuration().audit();
        if (!audit.sign().equals(inForce.audit().sign())) {
            return Stream.empty();
        }
        try {
            return journal.isSignedAs(audit)
                    ? Stream.empty()
                    : Stream.of(
                            place("audit.sign.key", next) + "audit.sign.key: the file holds another key than the one"
                                    + " that signs, which only a restart can change; restart the proxy, or put the old key back");
        } catch (JournalException e) {
            return Stream.of(place("audit.sign", next) + e.getMessage());
        }
    }

    /** The place of the value, or of a value below it; empty where it is the default. */
    private static String place(String key, LoadedConfiguration next) {
        return next.origins().entrySet().stream()
                .filter(each -> each.getKey().equals(key) || each.getKey().startsWith(key + "."))
                .map(Map.Entry::getValue)
                .filter(origin -> !origin.equals("default"))
                .sorted()
                .findFirst()
                .map(origin -> origin + ": ")
                .orElse("");
    }

    /** A new listener where one of the old ones still listens. */
    private static Stream<String> collisions(Configuration inForce, LoadedConfiguration next) {
        List<InetSocketAddress> old =
                inForce.listen().stream().map(ListenerSettings::address).toList();
        return next.configuration().listen().stream()
                .map(ListenerSettings::address)
                .filter(address -> address.getPort() != 0 && !old.contains(address))
                .flatMap(address -> colliding(address, old).stream()
                        .map(there -> place("listen", next) + "listen: " + SocketAddresses.text(address)
                                + " takes the place of " + SocketAddresses.text(there)
                                + ", which only a restart can do; restart the proxy, or take another port"));
    }

    private static Optional<InetSocketAddress> colliding(InetSocketAddress address, List<InetSocketAddress> old) {
        return old.stream()
                .filter(there -> SocketAddresses.collide(there, address))
                .findFirst();
    }
}
