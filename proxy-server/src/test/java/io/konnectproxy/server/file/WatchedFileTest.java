package io.konnectproxy.server.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A file that a test writes, and what becomes of it. */
class WatchedFileTest {
    private final List<String> told = new ArrayList<>();
    private String content = "old";
    private Instant now = Instant.parse("2026-11-29T09:00:00Z");
    private Instant validFrom = Instant.MIN;

    private final WatchedFile<String> file = new WatchedFile<>(
            this::snapshot,
            "old",
            "OLD",
            new WatchedFile.Follower<>() {
                @Override
                public void changed(String before, String now) {
                    told.add(before + " to " + now);
                }

                @Override
                public void failed(String sentence, String stays) {
                    told.add(sentence + ", " + stays + " stays");
                }

                @Override
                public void restored(String value) {
                    told.add(value + " again");
                }
            },
            () -> now);

    private Snapshot<String> snapshot() {
        String held = content;
        return held.equals("gone") ? Snapshot.unreadable("no file") : new Snapshot<>(held, () -> value(held));
    }

    private String value(String held) {
        if (held.startsWith("bad") || now.isBefore(validFrom)) {
            throw new IllegalArgumentException(held);
        }
        return held.toUpperCase(java.util.Locale.ROOT);
    }

    @Test
    void says_nothing_while_nothing_changes() {
        looks(5);

        assertThat(told).isEmpty();
        assertThat(file.value()).isEqualTo("OLD");
    }

    @Test
    void takes_what_two_looks_in_a_row_have_found() {
        content = "";
        looks(1);
        content = "half";
        looks(1);
        content = "whole";
        looks(1);
        assertThat(told).isEmpty();
        looks(3);

        assertThat(told).containsExactly("OLD to WHOLE");
        assertThat(file.value()).isEqualTo("WHOLE");
    }

    @Test
    void takes_what_one_look_has_found_where_somebody_says_that_it_is_whole() {
        content = "new";
        file.look(true);

        assertThat(told).containsExactly("OLD to NEW");
    }

    @Test
    void keeps_what_was_good_and_tells_each_failure_once() {
        content = "bad";
        for (int i = 0; i < 10; i++) {
            looks(2);
            now = now.plusSeconds(30);
        }
        content = "gone";
        looks(5);
        assertThat(file.value()).isEqualTo("OLD");
        content = "old";
        looks(5);

        assertThat(told).containsExactly("bad, OLD stays", "no file, OLD stays", "OLD again");
    }

    @Test
    void tries_the_same_content_again_after_a_minute() {
        validFrom = now.plusSeconds(90);
        content = "new";
        looks(2);
        now = now.plus(Duration.ofSeconds(59));
        looks(2);
        now = now.plus(Duration.ofSeconds(40));
        looks(1);
        assertThat(told).containsExactly("new, OLD stays", "OLD to NEW");
    }

    @Test
    void a_look_back_in_time_tries_again_too() {
        validFrom = now.plusSeconds(1);
        content = "new";
        looks(2);
        validFrom = Instant.MIN;
        now = now.minus(Duration.ofHours(1));
        looks(1);

        assertThat(file.value()).isEqualTo("NEW");
    }

    private void looks(int count) {
        for (int i = 0; i < count; i++) {
            file.look(false);
        }
    }

    @Test
    void a_digest_tells_where_one_content_ends_and_the_next_begins() {
        byte[] one = {1};
        byte[] none = {};

        assertThat(Snapshot.digest(List.of(one, none)))
                .hasSize(64)
                .isEqualTo(Snapshot.digest(List.of(new byte[] {1}, none)))
                .isNotEqualTo(Snapshot.digest(List.of(none, one)))
                .isNotEqualTo(Snapshot.digest(List.of(one)));
    }
}
