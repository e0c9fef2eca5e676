package io.konnectproxy.audit;

import static io.konnectproxy.policy.Refusal.HOST_NOT_KONNECT;
import static io.konnectproxy.policy.Refusal.IP_LITERAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.konnectproxy.audit.AuditRecord.Refusals;
import io.konnectproxy.audit.AuditRecord.Refusals.CountedClient;
import io.konnectproxy.policy.Refusal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RefusalSumsTest {
    private static final String LISTENER = "10.0.0.2:3128";
    private static final InetAddress ONE = address("10.0.0.7");
    private static final InetAddress ANOTHER = address("10.0.0.8");

    private final RefusalSums sums = new RefusalSums(3);
    private Instant now = Instant.parse("2026-11-22T18:00:00Z");

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The n-th of many IPv4 addresses. */
    private static InetAddress numbered(int n) {
        return address("10." + (n >> 16) + "." + (n >> 8 & 255) + "." + (n & 255));
    }

    private boolean refuse(InetAddress client) {
        return refuse(client, LISTENER, HOST_NOT_KONNECT);
    }

    private boolean refuse(InetAddress client, String listener, Refusal refusal) {
        now = now.plusMillis(1);
        return sums.hasLine(client, listener, refusal, now);
    }

    /** How many of so many refusals have lines. */
    private long lines(InetAddress client, int times) {
        return IntStream.range(0, times).filter(i -> refuse(client)).count();
    }

    private List<Refusals> endMinute() {
        now = now.plusSeconds(60);
        return sums.endMinute(true, now);
    }

    private Optional<CountedClient> counted(String literal, boolean network) {
        return Optional.of(new CountedClient(address(literal), network));
    }

    @Test
    void a_client_has_its_lines_and_what_comes_beyond_is_one_sum() {
        assertThat(lines(ONE, 3)).isEqualTo(3);
        Instant first = now.plusMillis(1);
        assertThat(lines(ONE, 4)).isZero();
        assertThat(refuse(ONE, LISTENER, IP_LITERAL)).isFalse();
        Instant last = now;

        assertThat(endMinute())
                .containsExactly(new Refusals(
                        now,
                        counted("10.0.0.7", false),
                        Optional.of(LISTENER),
                        Map.of(HOST_NOT_KONNECT, 4L, IP_LITERAL, 1L),
                        first,
                        last))
                .allSatisfy(sum -> assertThat(sum.count()).isEqualTo(5));
    }

    @Test
    void each_minute_begins_anew() {
        lines(ONE, 9);
        assertThat(endMinute()).hasSize(1);
        assertThat(endMinute()).isEmpty();
        assertThat(lines(ONE, 4)).isEqualTo(3);
        assertThat(endMinute())
                .singleElement()
                .satisfies(sum -> assertThat(sum.count()).isEqualTo(1));
    }

    @Test
    void who_stays_within_its_lines_has_no_sum() {
        assertThat(lines(ONE, 3)).isEqualTo(3);
        assertThat(endMinute()).isEmpty();
    }

    @Test
    void one_client_takes_no_lines_of_another() {
        lines(ONE, 99);
        assertThat(lines(ANOTHER, 3)).isEqualTo(3);
    }

    @Test
    void the_addresses_of_an_ipv6_network_are_one_client() {
        assertThat(lines(address("2001:db8:0:1::7"), 2)).isEqualTo(2);
        assertThat(lines(address("2001:db8:0:1::8"), 2)).isEqualTo(1);
        assertThat(lines(address("2001:db8:0:1::7"), 2)).isZero();
        assertThat(lines(address("2001:db8:0:2::7"), 4)).isEqualTo(3);

        assertThat(endMinute())
                .extracting(Refusals::client, Refusals::count)
                .containsExactlyInAnyOrder(
                        tuple(counted("2001:db8:0:1::", true), 3L), tuple(counted("2001:db8:0:2::7", false), 1L));
    }

    @Test
    void several_listeners_are_none_in_particular() {
        lines(ONE, 4);
        refuse(ONE, "10.0.0.2:3129", HOST_NOT_KONNECT);

        assertThat(endMinute()).extracting(Refusals::listener).containsExactly(Optional.empty());
    }

    @Test
    void what_cannot_be_written_goes_on_being_summed_up() {
        lines(ONE, 5);
        Instant first = now;
        now = now.plusSeconds(60);
        assertThat(sums.endMinute(false, now)).isEmpty();
        assertThat(lines(ONE, 5)).isEqualTo(3);

        assertThat(endMinute()).singleElement().satisfies(sum -> {
            assertThat(sum.count()).isEqualTo(4);
            assertThat(sum.first()).isEqualTo(first.minusMillis(1));
        });
        assertThat(endMinute()).isEmpty();
    }

    /** Two clients that flood have had half of all lines: the rest is for who has had none. */
    @Test
    void a_few_that_flood_leave_lines_to_others() {
        RefusalSums generous = new RefusalSums(RefusalSums.MOST_LINES_A_CLIENT);
        for (int client = 0; client < 2; client++) {
            for (int i = 0; i < 1_000; i++) {
                generous.hasLine(numbered(client), LISTENER, HOST_NOT_KONNECT, now);
            }
        }

        for (int client = 2; client < 100; client++) {
            assertThat(generous.hasLine(numbered(client), LISTENER, HOST_NOT_KONNECT, now))
                    .isTrue();
            assertThat(generous.hasLine(numbered(client), LISTENER, HOST_NOT_KONNECT, now))
                    .isFalse();
        }
    }

    @Test
    void many_clients_are_bounded_together_and_each_refusal_is_a_line_or_in_one_sum() {
        int clients = 20_000;
        long lines = 0;
        for (int round = 0; round < 4; round++) {
            for (int client = 0; client < clients; client++) {
                lines += refuse(numbered(client)) ? 1 : 0;
            }
        }
        List<Refusals> minute = endMinute();

        assertThat(lines).isEqualTo(RefusalSums.LINES_IN_ALL);
        assertThat(minute).hasSize(RefusalSums.CLIENTS + 1);
        assertThat(minute).filteredOn(sum -> sum.client().isEmpty()).hasSize(1);
        assertThat(lines + minute.stream().mapToLong(Refusals::count).sum()).isEqualTo(4L * clients);
        assertThat(lines(numbered(clients), 3)).as("in the next minute").isEqualTo(3);
    }

    @Test
    void a_client_for_whom_there_was_no_place_has_one_in_the_next_minute() {
        IntStream.range(0, RefusalSums.CLIENTS).forEach(client -> refuse(numbered(client)));
        assertThat(refuse(numbered(RefusalSums.CLIENTS))).isFalse();
        assertThat(endMinute())
                .singleElement()
                .satisfies(sum -> assertThat(sum.client()).isEmpty());

        assertThat(refuse(numbered(RefusalSums.CLIENTS))).isTrue();
        assertThat(endMinute()).isEmpty();
    }

    /** Threads count while minutes end: every refusal is found once. */
    @Test
    void nothing_gets_lost_between_threads_and_minutes() throws Exception {
        int threads = 4;
        int each = 100_000;
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
        try {
            Future<Long> summed = pool.submit(() -> {
                long count = 0;
                boolean last;
                do {
                    last = done.get();
                    count += sums.endMinute(last || count % 2 == 0, now).stream()
                            .mapToLong(Refusals::count)
                            .sum();
                } while (!last);
                return count;
            });
            List<Callable<Long>> floods = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                floods.add(() -> IntStream.range(0, each)
                        .filter(i -> sums.hasLine(numbered(i % 1_500), LISTENER, HOST_NOT_KONNECT, now))
                        .count());
            }
            long lines = 0;
            for (Future<Long> flood : pool.invokeAll(floods, 20, TimeUnit.SECONDS)) {
                lines += flood.get();
            }
            done.set(true);
            assertThat(lines + summed.get(20, TimeUnit.SECONDS)).isEqualTo((long) threads * each);
        } finally {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, RefusalSums.MOST_LINES_A_CLIENT + 1})
    void a_client_has_at_least_one_line_and_at_most_half_of_all(int lines) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RefusalSums(lines));
    }

    @Test
    void a_sum_of_nothing_is_none() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Refusals(now, Optional.empty(), Optional.empty(), Map.of(), now, now));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Refusals(now, Optional.empty(), Optional.empty(), Map.of(HOST_NOT_KONNECT, 0L), now, now));
    }
}
