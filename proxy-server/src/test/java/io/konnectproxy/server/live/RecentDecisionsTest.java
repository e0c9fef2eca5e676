package io.konnectproxy.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Decision;
import io.konnectproxy.audit.AuditRecord.Refusals;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.server.live.RecentDecisions.Position;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentDecisionsTest {
    private final RecentDecisions recent = new RecentDecisions();

    static Decision refused(String id, List<String> certificateNames, Optional<String> hint) {
        return new Decision(
                Instant.EPOCH,
                id,
                "127.0.0.1:3128",
                new Client(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                        Optional.empty(),
                        Optional.empty(),
                        certificateNames),
                Optional.empty(),
                Optional.of("a claim".repeat(10_000)),
                Optional.empty(),
                new Refused(Refusal.HOST_NOT_KONNECT),
                hint);
    }

    private void refuse(int from, int to) {
        for (int i = from; i < to; i++) {
            recent.accept(refused(Integer.toString(i), List.of(), Optional.empty()));
        }
    }

    private static List<String> ids(DecisionsEvent event) {
        return event.shown().stream().map(DecisionsEvent.Shown::id).toList();
    }

    @Test
    void somebody_new_is_shown_the_last_hundred_and_misses_nothing() {
        refuse(0, 500);
        DecisionsEvent event = recent.between(Position.NONE, recent.now(), LiveView.FIRST_DECISIONS);
        assertThat(ids(event)).hasSize(100).startsWith("400").endsWith("499");
        assertThat(event.more()).isZero();
        assertThat(new RecentDecisions().between(Position.NONE, new Position(0, 0), 100))
                .isEqualTo(new DecisionsEvent(0, List.of()));
    }

    @Test
    void then_those_that_came_since_or_how_many_more_there_were() {
        refuse(0, 500);
        Position read = recent.now();
        refuse(500, 503);
        assertThat(recent.between(read, recent.now(), 50))
                .satisfies(event -> assertThat(ids(event)).containsExactly("500", "501", "502"))
                .extracting(DecisionsEvent::more)
                .isEqualTo(0L);
        refuse(503, 1_503);
        assertThat(recent.between(read, recent.now(), 50))
                .satisfies(event -> assertThat(ids(event)).hasSize(50).endsWith("1502"))
                .extracting(DecisionsEvent::more)
                .isEqualTo(953L);
    }

    @Test
    void refusals_that_the_trail_sums_up_are_counted_as_more() {
        Position read = recent.now();
        recent.accept(new Refusals(
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                Map.of(Refusal.IP_LITERAL, 40L, Refusal.NOT_CONNECT, 2L),
                Instant.EPOCH,
                Instant.EPOCH));
        recent.accept(new AuditRecord.Start(Instant.EPOCH, "0", "test"));
        assertThat(recent.between(read, recent.now(), 50)).isEqualTo(new DecisionsEvent(42, List.of()));
    }

    @Test
    void the_remedy_is_the_hint_of_the_line_or_what_is_always_said() {
        recent.accept(refused("a", List.of(), Optional.of("Add eu to regions.")));
        recent.accept(refused("b", List.of(), Optional.empty()));
        assertThat(recent.between(Position.NONE, recent.now(), 50).shown())
                .extracting(shown -> shown.remedy().orElseThrow())
                .containsExactly("Add eu to regions.", Refusal.HOST_NOT_KONNECT.remedy());
    }

    @Test
    void the_longest_that_clients_can_send_take_less_than_half_a_mebibyte() {
        String name = "\u00fc".repeat(100_000);
        for (int i = 0; i < 10 * RecentDecisions.KEPT; i++) {
            recent.accept(refused(Integer.toString(i), List.of(name, name), Optional.of(name)));
        }
        DecisionsEvent all = recent.between(Position.NONE, recent.now(), Integer.MAX_VALUE);
        assertThat(all.shown()).hasSize(RecentDecisions.KEPT).allSatisfy(shown -> {
            assertThat(shown.user().orElseThrow()).hasSize(128).endsWith("...");
            assertThat(shown.remedy().orElseThrow()).hasSize(512).endsWith("...");
        });
    }

    @Test
    void whoever_records_at_the_same_time_nothing_is_shown_twice() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            int from = thread * 20_000;
            threads.execute(() -> refuse(from, from + 20_000));
        }
        threads.shutdown();
        Position read = Position.NONE;
        long seen = 0;
        while (read.decisions() < 80_000) {
            Position now = recent.now();
            DecisionsEvent event = recent.between(read, now, 50);
            assertThat(ids(event)).doesNotHaveDuplicates();
            seen += event.more() + event.shown().size();
            read = now;
        }
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).isLessThanOrEqualTo(80_000);
        assertThat(ids(recent.between(Position.NONE, recent.now(), 100)))
                .hasSize(100)
                .doesNotHaveDuplicates();
    }
}
