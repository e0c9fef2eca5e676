package io.konnectproxy.server.dns;

import static io.konnectproxy.server.dns.ResolverRig.LOOKUPS;
import static io.konnectproxy.server.dns.ResolverRig.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.DnsAnswers;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.target.HostName;
import io.netty.util.concurrent.Future;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What some ask for delays no others, over real datagrams. A name whose server is silent keeps its place for longer than any of
 * these tests takes, unless it has to give it up.
 */
@Timeout(60)
class LookupSharesTest {
    private static final String NAME = "us.api.konghq.com";
    private static final StandInAnswer HERE = StandInAnswer.of("52.0.0.1");

    @RegisterExtension
    private final LogCapture netty = ResolverRig.netty();

    @Test
    void two_clients_with_silent_names_delay_no_fresh_name_of_another() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            List<Future<Resolution>> silent = silentNames(bench, "a", 150, "10.0.0.2");
            silent.addAll(silentNames(bench, "b", 150, "10.0.0.3"));
            for (int i = 0; i < 12; i++) {
                bench.answering("fresh" + i + ".api.konghq.com", HERE);
                assertThat(bench.said("fresh" + i + ".api.konghq.com")).isEqualTo("52.0.0.1");
            }
            assertThat(silent).noneMatch(Future::isDone);
        }
    }

    @Test
    void one_client_has_half_of_what_runs() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            silentNames(bench, "a", 100, "10.0.0.2");
            bench.awaitEarlierAnswers();
            Await.value(() -> named(bench, "a").size(), LOOKUPS / 2);
        }
    }

    @Test
    void where_all_places_are_taken_who_has_most_makes_room_and_loses_nothing_by_it() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            CompletableFuture<Void> signal = new CompletableFuture<>();
            List<Future<Resolution>> others = new ArrayList<>();
            for (int client = 2; client < 10; client++) {
                for (int i = 0; i < 8; i++) {
                    String name = "late" + i + ".c" + client + ".example.com";
                    bench.answering(name, HERE.after(signal));
                    others.add(bench.ask(ResolverRig.asker("10.0.1." + client), name));
                }
            }
            bench.answering(NAME, HERE);
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            assertThat(others).noneMatch(Future::isDone);
            signal.complete(null);
            for (Future<Resolution> other : others) {
                assertThat(ResolverRig.said(ResolverRig.result(other))).isEqualTo("52.0.0.1");
            }
        }
    }

    @Test
    void a_name_that_waits_behind_anothers_silent_ones_is_looked_up_in_the_turn_of_who_joins() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            silentNames(bench, "a", 100, "10.0.0.2");
            bench.answering(NAME, HERE);
            Future<Resolution> greedy = bench.ask(ResolverRig.asker("10.0.0.2"), NAME);
            bench.dnsLoop.submit(() -> {}).sync();
            assertThat(greedy.isDone()).isFalse();
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            assertThat(ResolverRig.said(ResolverRig.result(greedy))).isEqualTo("52.0.0.1");
            assertThat(bench.asked.times(NAME)).isEqualTo(1);
        }
    }

    @Test
    void who_leaves_makes_room() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            List<Future<Resolution>> silent = new ArrayList<>();
            for (int client = 0; client < LOOKUPS; client++) {
                silent.addAll(silentNames(bench, "c" + client, 1, "10.0.2." + client));
            }
            bench.answering(NAME, HERE);
            Future<Resolution> waiting = bench.ask(NAME);
            bench.dnsLoop.submit(() -> {}).sync();
            assertThat(waiting.isDone()).as("each has one").isFalse();
            silent.get(7).cancel(false);
            // The next who comes finds the place of who has left; this one is further ahead.
            bench.answering("eu.api.konghq.com", HERE);
            Future<Resolution> next = bench.ask(ResolverRig.asker("10.0.3.1"), "eu.api.konghq.com");
            assertThat(ResolverRig.said(ResolverRig.result(waiting))).isEqualTo("52.0.0.1");
            assertThat(ResolverRig.said(ResolverRig.result(next))).isEqualTo("52.0.0.1");
        }
    }

    @Test
    void who_leaves_before_its_turn_asks_nobody() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            List<Future<Resolution>> silent = silentNames(bench, "a", LOOKUPS, "10.0.0.2");
            bench.answering(NAME, HERE);
            Future<Resolution> waiting = bench.ask(ResolverRig.asker("10.0.0.2"), NAME);
            bench.dnsLoop.submit(() -> {}).sync();
            waiting.cancel(false);
            bench.askersLoop.submit(() -> {}).sync();
            silent.forEach(each -> each.cancel(false));
            bench.awaitEarlierAnswers();
            assertThat(bench.asked.times(NAME)).isZero();
        }
    }

    @Test
    void look_ups_of_the_proxy_itself_come_first() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            for (int client = 0; client < LOOKUPS; client++) {
                silentNames(bench, "c" + client, 1, "10.0.2." + client);
            }
            bench.answering("parent.example.com", HERE);
            ParentResolver parents =
                    new ParentResolver(bench.resolver, new AddressCheck(List.of(), Set.of(), Set.of()));
            assertThat(ResolverRig.said(ResolverRig.result(
                            parents.resolve(HostName.of("parent.example.com"), 3128, bench.askersLoop))))
                    .isEqualTo("52.0.0.1");
        }
    }

    @Test
    void what_is_over_a_share_of_what_waits_fails_at_once_and_poisons_no_name() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            silentNames(bench, "a", LOOKUPS / 2 + Lookups.ROOM / 8, "10.0.0.2");
            bench.answering(NAME, HERE);
            Future<Resolution> tooMany = bench.ask(ResolverRig.asker("10.0.0.2"), NAME);
            assertThat(ResolverRig.said(ResolverRig.result(tooMany))).isEqualTo("dns_failed");
            assertThat(bench.said(NAME)).as("of another").isEqualTo("52.0.0.1");
        }
    }

    @Test
    void who_gets_no_turn_in_time_is_told_and_old_addresses_serve() throws Exception {
        try (var bench = new ResolverRig(Duration.ofSeconds(1))) {
            bench.answering(NAME, DnsAnswers.lasting(Duration.ofSeconds(1), "52.0.0.1"));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            bench.pass(Duration.ofSeconds(2));
            List<Future<Resolution>> silent = silentNames(bench, "a", LOOKUPS, "10.0.0.1");
            assertThat(bench.said(NAME)).as("behind silent names of its own").isEqualTo("52.0.0.1");
            assertThat(bench.resolver.staleAnswers()).isEqualTo(1);
            for (Future<Resolution> each : silent) {
                assertThat(ResolverRig.said(ResolverRig.result(each))).isEqualTo("dns_timeout");
            }
        }
    }

    @Test
    void a_silent_second_type_keeps_no_place_from_others() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            for (int i = 0; i < 3 * LOOKUPS; i++) {
                String name = "n" + i + ".example.com";
                bench.answering(name, q -> DnsAnswers.isIpv4(q) ? HERE : StandInAnswer.silence());
                assertThat(bench.said(name)).isEqualTo("52.0.0.1");
            }
        }
    }

    @Test
    void a_storm_takes_no_more_descriptors_than_there_are_for_it() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            bench.awaitEarlierAnswers();
            long before = openFiles();
            for (int client = 0; client < 100; client++) {
                silentNames(bench, "c" + client, 3, "10.0.2." + client);
            }
            // Some yield to newcomers, so that more have been asked for than run.
            Await.until("as many run as may", () -> named(bench, "c").size() >= LOOKUPS);
            bench.dnsLoop.submit(() -> {}).sync();
            assertThat(openFiles() - before)
                    .isGreaterThan(LOOKUPS)
                    .isLessThanOrEqualTo((long) LOOKUPS * Lookups.SOCKETS);
        }
    }

    private static List<Future<Resolution>> silentNames(ResolverRig bench, String prefix, int count, String client) {
        List<Future<Resolution>> asking = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = prefix + "-" + i + ".silent.example.com";
            bench.answering(name, StandInAnswer.silence());
            asking.add(bench.ask(ResolverRig.asker(client), name));
        }
        return asking;
    }

    private static Set<String> named(ResolverRig bench, String prefix) {
        return bench.asked.all().stream()
                .map(StandInDns.Question::name)
                .filter(name -> name.matches(prefix + "[0-9]*-.*"))
                .collect(Collectors.toSet());
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : LOOKUPS + 1;
    }
}
