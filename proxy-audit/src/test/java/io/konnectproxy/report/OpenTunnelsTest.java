package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Decision;
import io.konnectproxy.trail.event.TrailEvent.ExactNames;
import io.konnectproxy.trail.event.TrailEvent.Place;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenTunnelsTest {
    private static final RecordedClient CLIENT = new RecordedClient(
            "10.0.0.7",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            ExactNames.NONE);

    private static OpenTunnels.Request request(int id) {
        return new OpenTunnels.Request(
                new Decision(
                        1,
                        "t" + id,
                        Optional.empty(),
                        CLIENT,
                        Optional.empty(),
                        TrailEvent.Ruling.PERMITTED,
                        "konnect_host",
                        Place.UNKNOWN,
                        Optional.empty(),
                        Optional.empty()),
                Place.UNKNOWN);
    }

    @Test
    void a_trail_with_very_many_gives_way_to_another() {
        OpenTunnels open = new OpenTunnels();
        OpenTunnels.OpenOfTrail small = open.trail();
        small.begin(request(1));
        OpenTunnels.OpenOfTrail[] large = {open.trail(), open.trail()};
        for (int i = 0; i < OpenTunnels.CAPACITY + 5; i++) {
            large[0].begin(request(i));
            large[1].begin(request(i));
        }

        assertThat(open.stillOpen()).isEqualTo(2 * OpenTunnels.CAPACITY);
        assertThat(open.forgotten()).isEqualTo(11);
        assertThat(small.end("t1")).isPresent();
        assertThat(large[0].end("t0")).isEmpty();
    }

    @Test
    void what_a_trail_leaves_open_is_counted_and_takes_no_room() {
        OpenTunnels open = new OpenTunnels();
        OpenTunnels.OpenOfTrail trail = open.trail();
        trail.begin(request(1));
        trail.begin(request(2));

        assertThat(trail.close()).isEqualTo(2);
        assertThat(open.stillOpen()).isEqualTo(2);
        assertThat(open.lost()).isZero();
    }
}
