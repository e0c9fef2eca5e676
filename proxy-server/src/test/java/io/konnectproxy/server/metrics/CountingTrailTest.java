package io.konnectproxy.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Refusals;
import io.konnectproxy.audit.AuditRecord.Refusals.CountedClient;
import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.policy.Verdict.Refused;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the trail did not take is not counted. MetricsIT has the verdicts and the ends of tunnels of a real proxy. */
class CountingTrailTest {
    private final Instruments instruments = new Instruments();
    private final CompletableFuture<Void> written = new CompletableFuture<>();
    private final AuditTrail trail = new CountingTrail(record -> written, instruments, ignored -> {});

    private static AuditRecord decision(Verdict verdict) {
        InetSocketAddress client = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        return new AuditRecord.Decision(
                Instant.EPOCH,
                "id",
                "127.0.0.1:3128",
                new Client(client),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                verdict,
                Optional.empty());
    }

    private static AuditRecord refused() {
        return decision(new Refused(Refusal.IP_LITERAL));
    }

    private long counted(Refusal refusal) {
        return instruments.decisions.of("refused", refusal.token(), "", "").sum();
    }

    @Test
    void every_reason_is_there_from_the_start() {
        assertThat(instruments.decisions.values())
                .hasSize(Refusal.values().length)
                .allSatisfy((labels, count) -> assertThat(count).isZero());
    }

    @Test
    void a_decision_counts_once_it_is_written_and_before_its_caller_goes_on() {
        List<Long> seen = new java.util.ArrayList<>();
        trail.record(refused()).thenRun(() -> seen.add(counted(Refusal.IP_LITERAL)));
        assertThat(counted(Refusal.IP_LITERAL)).isZero();

        written.complete(null);
        assertThat(seen).containsExactly(1L);
    }

    @Test
    void what_could_not_be_written_does_not_count_and_its_caller_is_told() {
        var recorded = trail.record(refused()).toCompletableFuture();
        written.completeExceptionally(new IllegalStateException("the disk is full"));
        assertThat(recorded).isCompletedExceptionally();
        assertThat(instruments.decisions.values().values()).containsOnly(0L);
    }

    @Test
    void a_sum_counts_each_refusal_in_it() {
        trail.record(new Refusals(
                Instant.EPOCH,
                Optional.of(new CountedClient(InetAddress.getLoopbackAddress(), false)),
                Optional.empty(),
                Map.of(Refusal.IP_LITERAL, 3L, Refusal.HOST_NOT_KONNECT, 4L),
                Instant.EPOCH,
                Instant.EPOCH));
        written.complete(null);
        assertThat(counted(Refusal.IP_LITERAL)).isEqualTo(3);
        assertThat(counted(Refusal.HOST_NOT_KONNECT)).isEqualTo(4);
        assertThat(instruments.summedRefusals.sum()).isEqualTo(7);
    }

    @Test
    void other_records_count_nothing() {
        trail.record(new AuditRecord.Start(Instant.EPOCH, "1", "here"));
        written.complete(null);
        assertThat(instruments.decisions.values().values()).containsOnly(0L);
        assertThat(instruments.tunnels.values()).isEmpty();
    }
}
