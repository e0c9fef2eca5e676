package io.konnectproxy.server.dns;

import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import io.konnectproxy.target.HostName;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks each resolver by itself, to compare their answers. Nothing of these answers may be dialled. Any thread. */
public final class ResolverSurvey {
    private final EventLoop loop;
    private final Configuration.Dns settings;
    private final EdnsSupport edns = new EdnsSupport(System::nanoTime);

    public ResolverSurvey(EventLoop loop, Configuration.Dns settings) {
        this.loop = loop;
        this.settings = settings;
    }

    /**
     * The answer of one resolver.
     *
     * @param addresses of both families
     * @param problem a sentence, if there is no address
     * @param answered whether DNS has answered, even if the name does not exist
     */
    public record ServerAnswer(
            InetSocketAddress server, List<InetAddress> addresses, Optional<String> problem, boolean answered) {
        public ServerAnswer {
            addresses = List.copyOf(addresses);
        }
    }

    /** The resolvers that are queried for names, in their order; may be empty. */
    public List<InetSocketAddress> servers() {
        List<InetSocketAddress> servers = settings.servers().isEmpty()
                ? SystemNames.now(SystemNames.RESOLV_CONF).servers()
                : settings.servers();
        return List.copyOf(servers.subList(0, Math.min(servers.size(), DnsQuery.MAX_SERVERS)));
    }

    /** Asks one resolver for both families; completes within {@code dns.timeout}. */
    public CompletableFuture<ServerAnswer> ask(InetSocketAddress server, HostName name) {
        CompletableFuture<DnsAnswer> ipv4 = ask(server, name, DnsRecordType.A);
        CompletableFuture<DnsAnswer> ipv6 = ask(server, name, DnsRecordType.AAAA);
        return ipv4.thenCombine(ipv6, (first, second) -> combined(server, first, second));
    }

    private CompletableFuture<DnsAnswer> ask(InetSocketAddress server, HostName name, DnsRecordType type) {
        CompletableFuture<DnsAnswer> answer = new CompletableFuture<>();
        loop.execute(() -> new DnsQuery(
                        loop,
                        edns,
                        new DefaultDnsQuestion(name + ".", type),
                        List.of(server),
                        settings.timeout(),
                        answer::complete)
                .start());
        return answer;
    }

    private static ServerAnswer combined(InetSocketAddress server, DnsAnswer ipv4, DnsAnswer ipv6) {
        List<InetAddress> addresses = new ArrayList<>();
        for (DnsAnswer each : List.of(ipv4, ipv6)) {
            if (each instanceof Found found) {
                addresses.addAll(found.addresses());
            }
        }
        Optional<Missing> missing = ipv4 instanceof Missing first ? Optional.of(first) : Optional.empty();
        return new ServerAnswer(
                server,
                addresses,
                addresses.isEmpty() ? missing.map(Missing::hint) : Optional.empty(),
                !addresses.isEmpty()
                        || missing.filter(found -> found.cause().isAnAnswer()).isPresent());
    }
}
