package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Refusals;
import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.support.LogCapture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When sums are written, by a clock that the test moves on. */
class RefusalMinutesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T18:00:00Z");
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();

    @RegisterExtension
    private final LogCapture log =
            LogCapture.of(RefusalMinutes.class).expecting("The refusals of a minute could not be written: ");

    private final EmbeddedChannel timer = new EmbeddedChannel();
    private final RefusalSums sums = new RefusalSums(1);
    private final List<Refusals> written = new ArrayList<>();
    private boolean available = true;
    private boolean throwing;
    private RefusalMinutes minutes;

    @BeforeEach
    void begin() {
        timer.freezeTime();
        minutes = new RefusalMinutes(sums, this::record, () -> available, () -> NOW, timer.eventLoop());
    }

    @AfterEach
    void end() {
        timer.close();
    }

    private CompletableFuture<Void> record(AuditRecord record) {
        if (throwing) {
            throw new IllegalStateException("broken");
        }
        written.add((Refusals) record);
        return CompletableFuture.completedFuture(null);
    }

    /** One more than a client has lines for. */
    private void flood() {
        for (int i = 0; i < 2; i++) {
            sums.hasLine(CLIENT, "127.0.0.1:3128", Refusal.IP_LITERAL, NOW);
        }
    }

    private void after(int seconds) {
        timer.advanceTimeBy(seconds, TimeUnit.SECONDS);
        timer.runScheduledPendingTasks();
    }

    @Test
    void a_sum_is_written_when_its_minute_is_over_though_nobody_comes_any_more() {
        flood();
        after(59);
        assertThat(written).isEmpty();
        after(1);
        assertThat(written).extracting(Refusals::count).containsExactly(1L);
        after(60);
        assertThat(written).hasSize(1);
    }

    @Test
    void while_nothing_can_be_written_it_goes_on_being_summed_up() {
        available = false;
        flood();
        after(60);
        flood();
        after(60);
        assertThat(written).isEmpty();
        available = true;
        after(60);
        assertThat(written).extracting(Refusals::count).containsExactly(2L);
    }

    @Test
    void the_end_writes_what_is_left_whether_it_seems_possible_or_not() {
        available = false;
        flood();
        minutes.close();
        assertThat(written).extracting(Refusals::count).containsExactly(1L);
        flood();
        after(60);
        assertThat(written).hasSize(1);
    }

    @Test
    void a_trail_that_breaks_does_not_end_the_minutes() {
        throwing = true;
        flood();
        after(60);
        throwing = false;
        flood();
        after(60);
        assertThat(written).hasSize(1);
    }
}
