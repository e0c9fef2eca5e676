package io.konnectproxy.server.dns;

import static io.konnectproxy.server.config.Configuration.Dns.AddressFamily.IPV4_FIRST;
import static io.konnectproxy.server.config.Configuration.Dns.AddressFamily.IPV4_ONLY;
import static io.konnectproxy.server.config.Configuration.Dns.AddressFamily.IPV6_FIRST;
import static io.konnectproxy.server.config.Configuration.Dns.AddressFamily.IPV6_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.support.DnsAnswers;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.target.HostName;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which addresses of a name are used, which come first, and what is not even asked for. */
class FamilyTest {
    private static final String NAME = "us.api.konghq.com";
    private static final StandInAnswer BOTH = StandInAnswer.of("2600::1", "52.0.0.1");
    private static final StandInAnswer NONE = StandInAnswer.noSuchName();
    private static final StandInAnswer FAILS = DnsAnswers.serverFailure();
    private static final StandInAnswer EMPTY = StandInAnswer.of();

    @RegisterExtension
    private final LogCapture netty = ResolverRig.netty();

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments(IPV4_ONLY, BOTH, BOTH, "52.0.0.1"),
                arguments(IPV6_ONLY, BOTH, BOTH, "2600:0:0:0:0:0:0:1"),
                arguments(IPV4_ONLY, EMPTY, BOTH, "dns_not_found"),
                arguments(IPV6_ONLY, BOTH, EMPTY, "dns_not_found"),
                arguments(IPV4_ONLY, FAILS, BOTH, "dns_failed"),
                arguments(IPV6_ONLY, BOTH, FAILS, "dns_failed"),
                arguments(IPV6_ONLY, BOTH, NONE, "dns_not_found"),
                arguments(IPV6_FIRST, BOTH, EMPTY, "52.0.0.1"),
                arguments(IPV6_FIRST, BOTH, NONE, "52.0.0.1"),
                arguments(IPV6_FIRST, BOTH, FAILS, "52.0.0.1"),
                arguments(IPV6_FIRST, EMPTY, EMPTY, "dns_not_found"),
                arguments(IPV6_FIRST, EMPTY, FAILS, "dns_failed"),
                arguments(IPV6_FIRST, FAILS, EMPTY, "dns_failed"),
                arguments(IPV4_FIRST, FAILS, EMPTY, "dns_failed"),
                arguments(IPV4_FIRST, EMPTY, FAILS, "dns_failed"));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("answers")
    void decides_what_is_used(AddressFamily family, StandInAnswer toA, StandInAnswer toAaaa, String said)
            throws Exception {
        try (var bench = new ResolverRig(family)) {
            bench.answering(NAME, question -> DnsAnswers.isIpv4(question) ? toA : toAaaa);
            // The failure of one type may be known after the other type's answer is given on.
            if (said.equals("dns_failed")) {
                assertThat(bench.said(NAME)).isIn("dns_failed", "dns_not_found");
            } else {
                assertThat(bench.said(NAME)).isEqualTo(said);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = AddressFamily.class,
            names = {"IPV4_ONLY", "IPV6_ONLY"})
    void what_is_not_used_is_not_asked_for(AddressFamily family) throws Exception {
        try (var bench = new ResolverRig(family)) {
            List<Boolean> asked = new CopyOnWriteArrayList<>();
            bench.answering(NAME, question -> {
                asked.add(DnsAnswers.isIpv4(question));
                return EMPTY;
            });
            Resolution resolution = bench.resolve(NAME);
            bench.awaitEarlierAnswers();
            assertThat(asked).containsOnly(family == IPV4_ONLY);
            assertThat(((Unresolved) resolution).hint().orElse(""))
                    .endsWith("addresses are dialled here: see dns.family and source-address.");
        }
    }

    @Test
    void ipv6_first_gives_both_in_that_order_when_both_are_there() throws Exception {
        try (var bench = new ResolverRig(IPV6_FIRST)) {
            CompletableFuture<Void> ipv4IsThere = new CompletableFuture<>();
            bench.answering(NAME, question -> DnsAnswers.isIpv4(question) ? BOTH : BOTH.after(ipv4IsThere));
            var asking = bench.ask(NAME);
            bench.awaitEarlierAnswers();
            ipv4IsThere.complete(null);
            // Where the machine is slow, IPv4 was given alone: it has been waited for no longer than a moment.
            assertThat(ResolverRig.said(ResolverRig.result(asking))).isIn("2600:0:0:0:0:0:0:1 52.0.0.1", "52.0.0.1");
            bench.awaitEarlierAnswers();
            assertThat(bench.said(NAME)).isEqualTo("2600:0:0:0:0:0:0:1 52.0.0.1");
        }
    }

    @Test
    void ipv6_first_waits_for_ipv6_no_longer_than_a_moment() throws Exception {
        try (var bench = new ResolverRig(IPV6_FIRST)) {
            bench.answering(NAME, question -> DnsAnswers.isIpv4(question) ? BOTH : StandInAnswer.silence());
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
        }
    }

    @Test
    void ipv6_first_does_not_wait_for_ipv4() throws Exception {
        try (var bench = new ResolverRig(IPV6_FIRST)) {
            bench.answering(NAME, question -> DnsAnswers.isIpv4(question) ? StandInAnswer.silence() : BOTH);
            assertThat(bench.said(NAME)).isEqualTo("2600:0:0:0:0:0:0:1");
        }
    }

    static Stream<Arguments> hosts() {
        return Stream.of(
                arguments(IPV4_FIRST, "52.0.0.1 2600:0:0:0:0:0:0:1"),
                arguments(IPV6_FIRST, "2600:0:0:0:0:0:0:1 52.0.0.1"),
                arguments(IPV4_ONLY, "52.0.0.1"),
                arguments(IPV6_ONLY, "2600:0:0:0:0:0:0:1"));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void holds_for_the_hosts_file_too(AddressFamily family, String said) throws Exception {
        try (var bench = new ResolverRig(family)) {
            CheckedResolver resolver = bench.resolver(hostsFile("52.0.0.1", "2600::1"));
            assertThat(ResolverRig.said(ResolverRig.result(bench.ask(resolver, NAME))))
                    .isEqualTo(said);
        }
    }

    /** It is not dialled, so it does no harm. */
    @Test
    void a_forbidden_address_of_a_type_that_is_not_used_is_passed_over() throws Exception {
        try (var bench = new ResolverRig(IPV4_ONLY)) {
            CheckedResolver resolver = bench.resolver(hostsFile("52.0.0.1", "fd00::1"));
            assertThat(ResolverRig.said(ResolverRig.result(bench.ask(resolver, NAME))))
                    .isEqualTo("52.0.0.1");
        }
    }

    private static NameSource hostsFile(String... addresses) {
        List<InetAddress> found = Stream.of(addresses)
                .map(NetUtil::createInetAddressFromIpAddressString)
                .map(Objects::requireNonNull)
                .toList();
        return new NameSource() {
            @Override
            public Optional<DnsAnswer.Found> local(HostName name) {
                return Optional.of(new DnsAnswer.Found(found, Duration.ZERO));
            }

            @Override
            public List<InetSocketAddress> servers() {
                return List.of();
            }
        };
    }
}
