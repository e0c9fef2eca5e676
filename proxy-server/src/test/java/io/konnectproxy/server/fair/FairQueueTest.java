package io.konnectproxy.server.fair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.server.fair.FairQueue.Dropped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose turn it is, and who has to go. */
class FairQueueTest {
    private final FairQueue<String, String> queue = new FairQueue<>(6, 4);

    @Test
    void clients_take_turns_and_their_items_keep_their_order() {
        add("a", "a1", "a2", "a3");
        add("b", "b1", "b2");
        add("c", "c1");
        assertThat(drained()).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
    }

    @Test
    void who_comes_back_stands_behind_those_who_wait() {
        add("a", "a1");
        add("b", "b1", "b2");
        assertThat(taken()).isEqualTo("a1");
        add("a", "a2");
        assertThat(drained()).containsExactly("b1", "a2", "b2");
    }

    @Test
    void who_stands_better_goes_first() {
        queue.add("a", 2, "a1");
        queue.add("b", 1, "b1");
        queue.add("c", 1, "c1");
        queue.setPriority("c", 0);
        queue.setPriority("nobody", 0);
        assertThat(drained()).containsExactly("c1", "b1", "a1");
    }

    @Test
    void who_may_not_go_is_passed_over() {
        add("a", "a1");
        add("b", "b1");
        assertThat(queue.next(client -> !client.equals("a"))).contains("b");
        assertThat(queue.next(client -> false)).isEmpty();
    }

    @Test
    void nobody_has_more_than_a_share() {
        add("a", "a1", "a2", "a3", "a4");
        assertThat(queue.add("a", 0, "a5")).contains(new Dropped<>("a", "a5"));
        assertThat(queue.size()).isEqualTo(4);
    }

    @Test
    void the_newest_of_who_has_most_makes_room() {
        add("b", "b1", "b2");
        add("a", "a1", "a2", "a3", "a4");
        assertThat(queue.size()).isEqualTo(6);
        assertThat(queue.add("c", 9, "c1")).contains(new Dropped<>("a", "a4"));
        assertThat(queue.add("c", 9, "c2")).contains(new Dropped<>("a", "a3"));
        assertThat(queue.add("c", 9, "c3")).as("it has most itself").contains(new Dropped<>("c", "c3"));
        assertThat(drained()).containsExactly("b1", "a1", "b2", "a2", "c1", "c2");
    }

    @Test
    void among_those_with_one_each_who_stands_worst_makes_room_else_the_new_one_goes() {
        for (int i = 0; i < 6; i++) {
            queue.add("client" + i, i == 3 ? 5 : 1, "item" + i);
        }
        assertThat(queue.add("better", 0, "new")).contains(new Dropped<>("client3", "item3"));
        assertThat(queue.add("equal", 1, "newer")).contains(new Dropped<>("equal", "newer"));
        assertThat(queue.size()).isEqualTo(6);
    }

    @Test
    void what_is_put_back_is_next_of_its_client_and_finds_room() {
        add("a", "a1", "a2");
        add("b", "b1", "b2");
        add("c", "c1", "c2");
        String first = taken();
        add("d", "d1");
        queue.putBack("a", 0, first);
        assertThat(queue.size()).isEqualTo(7);
        assertThat(drained()).containsExactly("b1", "c1", "a1", "d1", "b2", "c2", "a2");
    }

    @Test
    void what_is_removed_waits_no_longer() {
        add("a", "a1", "a2");
        add("b", "both");
        add("a", "both");
        queue.remove("a", "both");
        queue.remove("a", "never there");
        queue.remove("nobody", "a1");
        queue.remove("a", "a1");
        assertThat(queue.size()).isEqualTo(2);
        assertThat(drained()).containsExactly("a2", "both");
        assertThatThrownBy(() -> queue.take("a")).isInstanceOf(IllegalStateException.class);
    }

    private void add(String client, String... items) {
        for (String item : items) {
            assertThat(queue.add(client, 0, item)).isEmpty();
        }
    }

    private String taken() {
        return queue.take(queue.next(client -> true).orElseThrow());
    }

    private List<String> drained() {
        List<String> all = new ArrayList<>();
        for (Optional<String> next = queue.next(client -> true); next.isPresent(); next = queue.next(client -> true)) {
            all.add(queue.take(next.get()));
        }
        assertThat(queue.size()).isZero();
        return all;
    }
}
