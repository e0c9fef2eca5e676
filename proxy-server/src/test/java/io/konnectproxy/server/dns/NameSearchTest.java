package io.konnectproxy.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.support.DnsAnswers;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.HostName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of our own hosts, which people write as short as their system takes them. */
@Timeout(60)
class NameSearchTest {
    private static final SearchList KUBERNETES = new SearchList(List.of("kong.svc.cluster.local", "cluster.local"), 5);

    @RegisterExtension
    private final LogCapture netty = ResolverRig.netty();

    @TempDir
    Path directory;

    /** The search list of a test, and the name servers of its rig. */
    private static NameSource source(ResolverRig bench, SearchList search) {
        return new NameSource() {
            @Override
            public Optional<Found> local(HostName name) {
                return Optional.empty();
            }

            @Override
            public List<InetSocketAddress> servers() {
                return List.of(bench.dns.address());
            }

            @Override
            public SearchList search() {
                return search;
            }
        };
    }

    private static Resolution own(ResolverRig bench, CheckedResolver resolver, String name) throws Exception {
        ParentResolver parents = new ParentResolver(resolver, AddressCheck.ofParents(Set.of(), Set.of()));
        return ResolverRig.result(parents.resolve(HostName.of(name), 3128, bench.askersLoop));
    }

    private static List<String> asked(ResolverRig bench) {
        return bench.asked.all().stream()
                .filter(DnsAnswers::isIpv4)
                .map(StandInDns.Question::name)
                .toList();
    }

    @Test
    void finds_a_service_by_its_short_name() throws Exception {
        try (var bench = new ResolverRig(ResolverRig.PATIENT);
                var resolver = bench.resolver(source(bench, KUBERNETES))) {
            bench.answering("squid.cluster.local", StandInAnswer.of("10.1.2.3"));
            assertThat(ResolverRig.said(own(bench, resolver, "squid"))).isEqualTo("10.1.2.3");
            assertThat(asked(bench)).containsExactly("squid.kong.svc.cluster.local", "squid.cluster.local");
        }
    }

    @Test
    void an_error_of_one_domain_does_not_hide_the_next() throws Exception {
        try (var bench = new ResolverRig(ResolverRig.PATIENT);
                var resolver = bench.resolver(source(bench, KUBERNETES))) {
            bench.answering("squid.kong.svc.cluster.local", DnsAnswers.serverFailure());
            bench.answering("squid", StandInAnswer.of("10.1.2.3"));
            assertThat(ResolverRig.said(own(bench, resolver, "squid"))).isEqualTo("10.1.2.3");
        }
    }

    @Test
    void silence_ends_the_search() throws Exception {
        try (var bench = new ResolverRig(Duration.ofSeconds(1));
                var resolver = bench.resolver(source(bench, KUBERNETES))) {
            bench.answering("squid.kong.svc.cluster.local", StandInAnswer.silence());
            bench.answering("squid", StandInAnswer.of("10.1.2.3"));
            assertThat(ResolverRig.said(own(bench, resolver, "squid"))).isEqualTo("dns_timeout");
            assertThat(asked(bench)).containsOnly("squid.kong.svc.cluster.local");
        }
    }

    @Test
    void tells_what_it_was_asked_for() throws Exception {
        try (var bench = new ResolverRig(ResolverRig.PATIENT);
                var resolver = bench.resolver(source(bench, KUBERNETES))) {
            assertThat(own(bench, resolver, "squid"))
                    .isInstanceOfSatisfying(
                            Unresolved.class,
                            unresolved -> assertThat(unresolved.hint())
                                    .contains("The resolver says that the name does not exist. It was asked for"
                                            + " squid.kong.svc.cluster.local, squid.cluster.local, squid."));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "vault, vault.kong.svc.cluster.local vault.cluster.local",
        "vault.corp.example, vault.corp.example vault.corp.example.kong.svc.cluster.local vault.corp.example.cluster.local"
    })
    void an_extra_host_with_a_dot_is_absolute_first(String name, String names) throws Exception {
        try (var bench = new ResolverRig(ResolverRig.PATIENT, "10.0.0.0/8");
                var resolver = bench.resolver(source(bench, KUBERNETES))) {
            bench.answering(name + ".cluster.local", StandInAnswer.of("10.1.2.3"));
            assertThat(ResolverRig.said(ResolverRig.result(
                            resolver.resolve(permitted(name), InetAddress.getLoopbackAddress(), bench.askersLoop))))
                    .isEqualTo("10.1.2.3");
            assertThat(asked(bench)).containsExactly(names.split(" ", -1));
        }
    }

    private TunnelPermit permitted(String extraHost) throws Exception {
        Path file = Files.writeString(
                directory.resolve("konnect-proxy.yaml"),
                "regions: [us]\naudit: {file: null}\nextra-hosts: [{name: own, host: " + extraHost + "}]\n");
        Configuration configuration = ConfigurationLoader.load(file, Map.of()).configuration();
        EgressPolicy policy = new EgressPolicy(configuration.catalog(), configuration.rules(), configuration.clients());
        Client client = new Client(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        return ((Permitted) policy.decide(client, new Authority(HostName.of(extraHost), 443))
                        .verdict())
                .permit();
    }

    @Test
    void localhost_is_this_machine_whatever_a_name_server_says() throws Exception {
        try (var bench = new ResolverRig(ResolverRig.PATIENT)) {
            bench.answering("localhost", StandInAnswer.of("52.0.0.1"));
            assertThat(ResolverRig.said(own(bench, bench.resolver, "localhost")))
                    .isEqualTo("127.0.0.1 0:0:0:0:0:0:0:1");
            assertThat(asked(bench)).isEmpty();
        }
    }

    @Test
    void a_name_of_konnect_is_absolute() throws Exception {
        try (var bench = new ResolverRig(ResolverRig.PATIENT);
                var resolver = bench.resolver(source(bench, KUBERNETES))) {
            bench.answering("us.api.konghq.com.cluster.local", StandInAnswer.of("52.0.0.1"));
            assertThat(ResolverRig.said(ResolverRig.result(bench.ask(resolver, "us.api.konghq.com"))))
                    .isEqualTo("dns_not_found");
            assertThat(asked(bench)).containsExactly("us.api.konghq.com");
        }
    }
}
