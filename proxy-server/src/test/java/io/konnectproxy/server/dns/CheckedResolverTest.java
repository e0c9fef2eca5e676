package io.konnectproxy.server.dns;

import static io.konnectproxy.server.dns.ResolverRig.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.support.DnsAnswers;
import io.konnectproxy.support.DnsQuestions;
import io.konnectproxy.support.LogCapture;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the resolver says, over real datagrams. */
@Timeout(60)
class CheckedResolverTest {
    @RegisterExtension
    private final LogCapture netty = ResolverRig.netty();

    private static final String NAME = "us.api.konghq.com";

    @Test
    void gives_ipv4_then_ipv6_in_the_order_of_the_answer() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            CompletableFuture<Void> ipv6IsThere = new CompletableFuture<>();
            StandInAnswer both = StandInAnswer.of("2600::1", "52.0.0.2", "52.0.0.1");
            bench.answering(NAME, q -> DnsAnswers.isIpv4(q) ? both.after(ipv6IsThere) : both);
            Future<Resolution> asking = bench.ask(NAME);
            bench.awaitEarlierAnswers();
            ipv6IsThere.complete(null);
            assertThat(ResolverRig.said(ResolverRig.result(asking))).isEqualTo("52.0.0.2 52.0.0.1 2600:0:0:0:0:0:0:1");
        }
    }

    @Test
    void warming_up_asks_no_name_server() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, StandInAnswer.of("52.0.0.1"));
            bench.resolver.warmUp();
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            bench.awaitEarlierAnswers();
            assertThat(bench.asked.times("localhost")).isZero();
        }
    }

    @Test
    void follows_an_alias_within_the_answer() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, DnsAnswers.viaAlias("lb.example.com", "52.0.0.1"));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
        }
    }

    @Test
    void gives_ipv6_where_there_is_no_ipv4() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, StandInAnswer.of("2600::1"));
            assertThat(bench.said(NAME)).isEqualTo("2600:0:0:0:0:0:0:1");
        }
    }

    @Test
    void gives_ipv6_where_ipv4_fails() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, q -> DnsAnswers.isIpv4(q) ? DnsAnswers.serverFailure() : StandInAnswer.of("2600::1"));
            assertThat(bench.said(NAME)).isEqualTo("2600:0:0:0:0:0:0:1");
        }
    }

    @Test
    void ipv4_never_waits_for_ipv6() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, q -> DnsAnswers.isIpv4(q) ? StandInAnswer.of("52.0.0.1") : StandInAnswer.silence());
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
        }
    }

    @Test
    void a_load_balancer_that_denies_the_name_for_ipv6_is_not_believed() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(
                    NAME, q -> DnsAnswers.isIpv4(q) ? StandInAnswer.of("52.0.0.1") : StandInAnswer.noSuchName());
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
        }
    }

    @Test
    void a_late_ipv6_answer_is_there_for_the_next_asker() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            CompletableFuture<Void> late = new CompletableFuture<>();
            StandInAnswer both = StandInAnswer.of("52.0.0.1", "2600::1");
            bench.answering(NAME, q -> DnsAnswers.isIpv4(q) ? both : both.after(late));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            late.complete(null);
            bench.awaitEarlierAnswers();
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1 2600:0:0:0:0:0:0:1");
            assertThat(bench.asked.times(NAME)).isEqualTo(1);
        }
    }

    @Test
    void an_answer_too_long_for_a_datagram_is_fetched_over_tcp() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, DnsAnswers.overTcp("52.0.0.1"));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
        }
    }

    @Test
    void a_name_that_does_not_exist_is_not_found() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, q -> DnsAnswers.isIpv4(q) ? StandInAnswer.noSuchName() : StandInAnswer.silence());
            assertThat(bench.said(NAME)).isEqualTo("dns_not_found");
        }
    }

    @Test
    void a_name_without_addresses_is_not_found() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, DnsAnswers.empty());
            assertThat(bench.said(NAME)).isEqualTo("dns_not_found");
        }
    }

    @Test
    void a_resolver_in_trouble_is_a_failure() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, DnsAnswers.serverFailure()).answering("eu.api.konghq.com", DnsAnswers.refused());
            assertThat(bench.said(NAME)).isEqualTo("dns_failed");
            assertThat(bench.resolve("eu.api.konghq.com"))
                    .isInstanceOfSatisfying(
                            Unresolved.class,
                            unresolved -> assertThat(unresolved.hint())
                                    .hasValueSatisfying(hint -> assertThat(hint).contains("Refused")));
        }
    }

    @Test
    void silence_is_a_timeout() throws Exception {
        try (var bench = new ResolverRig(Duration.ofMillis(400))) {
            bench.answering(NAME, StandInAnswer.silence());
            assertThat(bench.said(NAME)).isEqualTo("dns_timeout");
        }
    }

    @Test
    void a_lost_datagram_is_sent_again() throws Exception {
        try (var bench = new ResolverRig(Duration.ofSeconds(3))) {
            bench.answering(
                    NAME,
                    q -> DnsAnswers.isIpv4(q) && bench.asked.times(NAME) > 1
                            ? StandInAnswer.of("52.0.0.1")
                            : StandInAnswer.silence());
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            assertThat(bench.asked.times(NAME)).isEqualTo(2);
        }
    }

    @Test
    void ipv4_empty_and_ipv6_silent_is_a_timeout() throws Exception {
        try (var bench = new ResolverRig(Duration.ofMillis(400))) {
            bench.answering(NAME, q -> DnsAnswers.isIpv4(q) ? DnsAnswers.empty() : StandInAnswer.silence());
            assertThat(bench.said(NAME)).isEqualTo("dns_timeout");
        }
    }

    @Test
    void a_silent_first_resolver_does_not_use_up_the_time() throws Exception {
        DnsQuestions toSilent = new DnsQuestions(q -> StandInAnswer.silence());
        try (var silent = StandInDns.start(toSilent);
                var bench = new ResolverRig(Duration.ofSeconds(4), List.of(silent.address()))) {
            bench.answering(NAME, StandInAnswer.of("52.0.0.1"));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            assertThat(toSilent.times(NAME)).isEqualTo(1);
        }
    }

    @Test
    void a_failing_first_resolver_is_passed_over_at_once() throws Exception {
        try (var failing = StandInDns.start(q -> DnsAnswers.serverFailure());
                var bench = new ResolverRig(Duration.ofDays(1), List.of(failing.address()))) {
            bench.answering(NAME, StandInAnswer.of("52.0.0.1"));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
        }
    }

    @Test
    void one_forbidden_address_among_good_ones_refuses_the_name() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, StandInAnswer.of("52.0.0.1", "10.0.0.7", "52.0.0.2"));
            assertThat(bench.resolve(NAME)).isInstanceOfSatisfying(Unresolved.class, unresolved -> {
                assertThat(unresolved.refused().refusal()).isEqualTo(Refusal.ADDRESS_FORBIDDEN);
                assertThat(unresolved.hint()).contains("The name has the address 10.0.0.7: private (10.0.0.0/8).");
                assertThat(unresolved.refused().remedy()).doesNotContain("10.0.0.7");
            });
        }
    }

    @Test
    void a_permitted_block_opens_a_private_address() throws Exception {
        try (var bench = new ResolverRig(PATIENT, "127.0.0.0/8")) {
            bench.answering(NAME, StandInAnswer.of("127.0.0.1"))
                    .answering("x.example.com", StandInAnswer.of("10.0.0.1"));
            assertThat(bench.said(NAME)).isEqualTo("127.0.0.1");
            assertThat(bench.said("x.example.com")).isEqualTo("address_forbidden");
        }
    }

    @Test
    void what_was_checked_is_what_is_given_though_the_answer_changes() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, DnsAnswers.lasting(Duration.ofSeconds(2), "52.0.0.1"));
            Resolution first = bench.resolve(NAME);
            bench.answering(NAME, StandInAnswer.of("169.254.169.254"));
            assertThat(bench.said(NAME)).as("still cached").isEqualTo("52.0.0.1");
            bench.pass(Duration.ofSeconds(2));
            assertThat(bench.said(NAME)).isEqualTo("address_forbidden");
            assertThat(bench.said(NAME)).as("checked again when cached").isEqualTo("address_forbidden");
            assertThat(ResolverRig.said(first)).isEqualTo("52.0.0.1");
        }
    }

    @Test
    void many_askers_share_one_look_up() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            CompletableFuture<Void> signal = new CompletableFuture<>();
            bench.answering(NAME, StandInAnswer.of("52.0.0.1").after(signal));
            List<Future<Resolution>> asking = askFor(bench, 100, NAME);
            bench.dnsLoop.submit(() -> {}).sync(); // all have arrived
            signal.complete(null);
            for (Future<Resolution> future : asking) {
                assertThat(ResolverRig.said(ResolverRig.result(future))).isEqualTo("52.0.0.1");
            }
            assertThat(bench.asked.times(NAME)).isEqualTo(1);
        }
    }

    @Test
    void look_ups_that_are_over_make_room_for_others() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            for (int i = 0; i <= ResolverRig.LOOKUPS; i++) {
                assertThat(bench.said("n" + i + ".example.com")).isEqualTo("dns_not_found");
            }
        }
    }

    @Test
    void a_known_name_is_answered_on_the_spot() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, StandInAnswer.of("52.0.0.1"));
            bench.resolve(NAME);
            assertThat(bench.askersLoop.submit(() -> bench.ask(NAME).isDone()).get())
                    .isTrue();
        }
    }

    @Test
    void listeners_run_on_the_loop_of_the_asker() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            CompletableFuture<Boolean> there = new CompletableFuture<>();
            bench.ask(NAME).addListener(f -> there.complete(bench.askersLoop.inEventLoop()));
            assertThat(there.get()).isTrue();
        }
    }

    @Test
    void without_any_resolver_a_name_fails_and_the_hint_says_why() throws Exception {
        try (var bench = new ResolverRig(PATIENT);
                var resolver = bench.resolver(NameSource.configured(List.of()))) {
            assertThat(ResolverRig.result(bench.ask(resolver, NAME)))
                    .isInstanceOfSatisfying(Unresolved.class, unresolved -> {
                        assertThat(unresolved.refused().refusal()).isEqualTo(Refusal.DNS_FAILED);
                        assertThat(unresolved.hint())
                                .hasValueSatisfying(hint -> assertThat(hint).startsWith("No resolver is known"));
                    });
        }
    }

    @Test
    void whoever_waits_at_the_close_is_told() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.answering(NAME, StandInAnswer.silence());
            Future<Resolution> waiting = bench.ask(NAME);
            bench.resolver.close();
            assertThat(ResolverRig.said(ResolverRig.result(waiting))).isEqualTo("dns_failed");
            assertThat(bench.said("eu.api.konghq.com")).isEqualTo("dns_failed");
        }
    }

    private static List<Future<Resolution>> askFor(ResolverRig bench, int times, String name) {
        List<Future<Resolution>> asking = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            asking.add(bench.ask(name));
        }
        return asking;
    }
}
