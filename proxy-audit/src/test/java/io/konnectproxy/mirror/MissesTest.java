package io.konnectproxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a loss is returned, and that each is returned once. */
class MissesTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final Misses patient = new Misses("m", LONG);
    private final Misses overdue = new Misses("m", Duration.ofNanos(-1));

    @Test
    void nothing_missed_is_nothing_to_tell() {
        assertThat(patient.take(true)).isEmpty();
        assertThat(overdue.take(false)).isEmpty();
    }

    @Test
    void a_loss_is_told_once_when_it_is_over() {
        patient.add(line(TrailLines.permitted(7)), "first");
        patient.add(line(TrailLines.permitted(9)), "second");
        patient.add(line(TrailLines.permitted(8)), "third");
        assertThat(patient.take(false)).isEmpty();
        assertThat(patient.take(true)).contains(new Missed("m", 3, TrailLines.time(7), TrailLines.time(9), "first"));
        assertThat(patient.take(true)).isEmpty();
        assertThat(patient.total()).isEqualTo(3);

        patient.add(line(TrailLines.permitted(20)), "again");
        assertThat(patient.take(true)).contains(new Missed("m", 1, TrailLines.time(20), TrailLines.time(20), "again"));
    }

    @Test
    void a_loss_that_does_not_end_is_told_in_time() {
        overdue.add(line(TrailLines.permitted(1)), "why");
        assertThat(overdue.take(false)).isPresent();
    }

    /** Each telling would be the next loss. */
    @Test
    void that_the_telling_was_missed_is_told_only_when_it_is_over() {
        overdue.add(line(TrailLines.mirror(1)), "why");
        assertThat(overdue.take(false)).isEmpty();
        overdue.add(line(TrailLines.permitted(2)), "why");
        assertThat(overdue.take(false)).get().extracting(Missed::count).isEqualTo(2L);
        overdue.add(line(TrailLines.mirror(3)), "why");
        assertThat(overdue.take(false)).isEmpty();
        assertThat(overdue.take(true)).get().extracting(Missed::count).isEqualTo(1L);
    }

    @Test
    void some_of_a_batch_are_never_more_than_it_had() {
        List<MirroredLine> batch = List.of(line(TrailLines.permitted(1)), line(TrailLines.permitted(5)));
        patient.addSome(0, batch, "why");
        assertThat(patient.total()).isZero();
        patient.addSome(1, batch, "why");
        assertThat(patient.total()).isEqualTo(1);
        patient.addSome(1_000, batch, "why");
        assertThat(patient.take(true)).contains(new Missed("m", 3, TrailLines.time(1), TrailLines.time(5), "why"));
    }

    private static MirroredLine line(String text) {
        return new MirroredLine(text);
    }
}
