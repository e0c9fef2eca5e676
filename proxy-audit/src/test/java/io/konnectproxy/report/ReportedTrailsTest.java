package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.event.TrailEvent;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportedTrailsTest {
    private static ReportedTrail end(ReportedTrails trails, String proxy) {
        ReportedTrail trail = trails.begin(proxy);
        trail.line(new TrailEvent.Drain(1), true, false);
        trail.tally().count(TrailEvent.Ruling.REFUSED, 1);
        trails.end(trail);
        return trail;
    }

    @Test
    void the_earliest_of_more_than_ten_thousand_become_one_sum() {
        ReportedTrails trails = new ReportedTrails(true);
        ReportedTrail first = end(trails, "edge-0");
        for (int i = 1; i < ReportedTrails.KEPT + 50; i++) {
            end(trails, "edge-" + i % 100);
        }
        ReportedTrail last = end(trails, "edge-1");

        assertThat(trails.all()).hasSize(ReportedTrails.KEPT).contains(last).doesNotContain(first);
        assertThat(trails.count()).isEqualTo(ReportedTrails.KEPT + 51);
        assertThat(trails.otherTrails()).isEqualTo(51);
        ReportedTrails.TopProxies top = trails.top(10);
        assertThat(top.rows()).hasSize(10);
        assertThat(top.otherLines()
                        + top.rows().stream().mapToLong(ReportedProxy::lines).sum())
                .isEqualTo(trails.count());
        assertThat(top.sumOfOthers().refused()
                        + top.rows().stream()
                                .mapToLong(proxy -> proxy.tally().refused())
                                .sum())
                .isEqualTo(trails.count());
    }

    @Test
    void proxies_beyond_those_that_are_told_apart_are_one() {
        ReportedTrails trails = new ReportedTrails(true);
        IntStream.range(0, ReportedTrails.PROXIES).forEach(i -> trails.begin("edge-" + i));

        assertThat(trails.begin("one-more").proxy()).isEqualTo("(others)");
        assertThat(trails.begin("and-another").proxy()).isEqualTo("(others)");
        assertThat(trails.begin("edge-7").proxy()).isEqualTo("edge-7");
        assertThat(trails.proxyCount()).isEqualTo(ReportedTrails.PROXIES + 1);
    }
}
