package io.konnectproxy.server.config;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Warnings about listeners. */
final class ListenWarnings {
    /** Leaves time to renew a certificate on a working day. */
    private static final Duration EXPIRES_SOON = Duration.ofDays(14);

    private ListenWarnings() {}

    static void add(Configuration configuration, List<ListenerFacts> facts, Instant now, List<String> warnings) {
        for (int i = 0; i < configuration.listen().size(); i++) {
            ListenerSettings listener = configuration.listen().get(i);
            String place = SocketAddresses.text(listener.address());
            if (listener.credentials().isPresent() && listener.tls().isEmpty() && !Reach.isLocal(listener)) {
                warnings.add("passwords come to " + place + " for anyone on the way to read; give the listener 'tls'");
            }
            facts.get(i)
                    .identity()
                    .filter(identity -> identity.notAfter().isBefore(now.plus(EXPIRES_SOON)))
                    .ifPresent(identity -> warnings.add("the certificate of " + place + " is valid until "
                            + identity.notAfter().truncatedTo(ChronoUnit.SECONDS) + " only; renew it"));
            facts.get(i).identity().stream()
                    .flatMap(identity -> identity.warnings().stream())
                    .forEach(warning -> warnings.add(ListenerFiles.withoutStop(warning)));
            facts.get(i)
                    .users()
                    .map(ListenerFacts.UserFacts::cheaplyHashed)
                    .filter(users -> !users.isEmpty())
                    .ifPresent(users -> warnings.add("whoever gets hold of the 'credentials' file of " + place
                            + " soon has some of the passwords; set them anew with 'konnect-proxy user': "
                            + String.join(", ", users)));
            listener.proxyProtocol().stream()
                    .filter(block -> block.prefixLength() == 0)
                    .forEach(block -> warnings.add("anyone may tell " + place
                            + " a client address of their choice, for PROXY headers are taken from " + block
                            + "; name the load balancers alone"));
            if (listener.tls().isEmpty() && !listener.probes().isEmpty()) {
                warnings.add("probes of " + place + " change nothing, for a connection without a request leaves no line"
                        + " where there is no 'tls'");
            }
            listener.probes().stream()
                    .filter(block -> block.prefixLength() == 0)
                    .forEach(block -> warnings.add("nobody is told of clients that do not trust the certificate of "
                            + place + ", for health probes may come from " + block + "; name their addresses alone"));
            unreachable(listener, listener.proxyProtocol(), "PROXY headers", warnings);
            if (listener.proxyProtocol().isEmpty()) {
                unreachable(listener, listener.sources(), "clients", warnings);
            }
        }
    }

    /**
     * Warns if no block has a loopback address. It is no error, since this machine may connect from another of its
     * addresses.
     */
    private static void unreachable(ListenerSettings listener, List<Cidr> blocks, String what, List<String> warnings) {
        InetAddress address = listener.address().getAddress();
        if (Reach.isLocal(listener)
                && !blocks.isEmpty()
                && blocks.stream().noneMatch(block -> holdsLoopback(address, block))) {
            warnings.add(SocketAddresses.text(listener.address()) + " is reached from this machine only, and no " + what
                    + " come from " + Values.joined(blocks) + " there");
        }
    }

    static boolean holdsLoopback(InetAddress listener, Cidr block) {
        return Reach.overlap(block, SourceAddress.isIpv4(listener) ? Cidr.parse("127.0.0.0/8") : Cidr.parse("::1/128"));
    }
}
