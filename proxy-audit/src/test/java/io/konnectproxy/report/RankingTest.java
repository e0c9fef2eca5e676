package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.event.TrailEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scheme that keeps tables small, against the truth. */
class RankingTest {
    private static final int CAPACITY = 100;

    private static void count(Ranking<String> ranking, String key) {
        ranking.of(key).count(TrailEvent.Ruling.REFUSED, 1);
    }

    @Test
    void is_exact_as_long_as_there_is_room() {
        Ranking<String> ranking = new Ranking<>(CAPACITY);
        for (int i = 0; i < CAPACITY; i++) {
            for (int times = 0; times <= i; times++) {
                count(ranking, "key " + i);
            }
        }
        Ranking.Top<String> top = ranking.top(10);

        assertThat(top.floor()).isZero();
        assertThat(top.rows()).hasSize(10).allMatch(row -> row.missed() == 0);
        assertThat(top.rows().get(0).key()).isEqualTo("key 99");
        assertThat(top.rows().get(0).tally().refused()).isEqualTo(100);
        assertThat(top.otherKeys()).isEqualTo(90);
        assertThat(top.others().refused()).isEqualTo(90 * 91 / 2);
    }

    @Test
    void keeps_its_promises_whatever_a_client_asks_for() {
        Random random = new Random(1);
        for (int round = 0; round < 20; round++) {
            Ranking<String> ranking = new Ranking<>(CAPACITY);
            Map<String, Long> truth = new HashMap<>();
            int lines = 20_000;
            for (int i = 0; i < lines; i++) {
                // A few that come often, and a flood of others, at times in bursts.
                int draw = random.nextInt(100);
                String key =
                        draw < 20 ? "busy " + draw % 7 : draw < 60 ? "flood " + i : "some " + random.nextInt(2_000);
                count(ranking, key);
                truth.merge(key, 1L, Long::sum);
            }
            Ranking.Top<String> all = ranking.top(Integer.MAX_VALUE);

            assertThat(all.rows()).hasSizeLessThanOrEqualTo(CAPACITY);
            long sum = all.rows().stream().mapToLong(row -> row.tally().lines()).sum();
            assertThat(sum + all.others().lines()).isEqualTo(lines);
            for (Ranking.RankedRow<String> row : all.rows()) {
                assertThat(truth.remove(row.key()))
                        .isBetween(row.tally().lines(), row.tally().lines() + row.missed());
            }
            assertThat(truth.values()).allMatch(left -> left <= all.floor());
            assertThat(all.floor()).isBetween(1L, (long) lines / CAPACITY * 2);
            assertThat(ranking.top(7).rows()).allMatch(row -> row.key().startsWith("busy"));
        }
    }

    @Test
    void keeps_a_row_that_is_exact_through_a_flood() {
        Ranking<String> ranking = new Ranking<>(CAPACITY);
        for (int i = 0; i < 1_000; i++) {
            count(ranking, "first");
        }
        for (int i = 0; i < 50_000; i++) {
            count(ranking, "flood " + i);
        }

        Ranking.RankedRow<String> first = ranking.top(1).rows().get(0);
        assertThat(first.key()).isEqualTo("first");
        assertThat(first.tally().lines()).isEqualTo(1_000);
        assertThat(first.missed()).isZero();
    }
}
