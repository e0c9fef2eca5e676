package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.journal.EveryLine;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the proxy writes today, its report knows. */
class KnownEventsTest {
    @Test
    void every_line_that_is_written_is_read_and_no_field_of_it_is_unfamiliar() throws Exception {
        List<String> unfamiliar = new ArrayList<>();
        EventReader reader = new EventReader(unfamiliar::add);
        for (String line : EveryLine.kinds()) {
            byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
            TrailEvent event = reader.read(bytes, 0, bytes.length).event();
            assertThat(event).as(line).isNotInstanceOf(TrailEvent.Unfamiliar.class);
        }
        assertThat(unfamiliar).isEmpty();
    }
}
