package io.konnectproxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.mirror.MirrorUrl.Protocol;
import io.konnectproxy.support.Await;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** All mirrors of a configuration together. */
class MirrorsTest {
    private static MirrorTarget target(Protocol protocol, int port) {
        return new MirrorTarget(
                new MirrorUrl(protocol, "localhost", port, protocol.isSyslog() ? "" : "/v1/logs"), Optional.empty());
    }

    @Test
    void every_mirror_has_every_line_before_the_end() throws Exception {
        try (SyslogReceiver syslog = SyslogReceiver.plain();
                OtlpCollector otlp = OtlpCollector.plain()) {
            Mirrors mirrors = Mirrors.open(
                    "proxy-1",
                    false,
                    List.of(target(Protocol.SYSLOG_TCP, syslog.port()), target(Protocol.OTLP_HTTP, otlp.port())));
            List<String> lines = TrailLines.numbered(1, 1_000);
            lines.forEach(mirrors::print);
            Await.until(
                    "both have all",
                    () -> syslog.messages.size() == 1_000 && otlp.bodies().size() == 1_000);
            mirrors.close();

            assertThat(syslog.texts()).isEqualTo(lines);
            assertThat(otlp.bodies()).isEqualTo(lines);
            assertThat(mirrors.missed()).isEmpty();
            assertThat(mirrors.missedInAll().values()).containsExactly(0L, 0L);
        }
    }

    @Test
    void a_mirror_that_another_change_has_ended_is_opened_anew() throws Exception {
        try (SyslogReceiver syslog = SyslogReceiver.plain()) {
            List<MirrorTarget> one = List.of(target(Protocol.SYSLOG_TCP, syslog.port()));
            try (Mirrors mirrors = Mirrors.open("proxy-1", false, one)) {
                Mirrors.PreparedMirrors none = mirrors.prepare(List.of());
                Mirrors.PreparedMirrors same = mirrors.prepare(one);
                mirrors.change(none);
                mirrors.change(same);
                mirrors.print(TrailLines.permitted(1));
                Await.until("it has the line", () -> syslog.messages.size() == 1);
            }
        }
    }

    @Test
    void none_is_none() {
        try (Mirrors mirrors = Mirrors.open("proxy-1", false, List.of())) {
            mirrors.print(TrailLines.permitted(1));
            assertThat(mirrors.missed()).isEmpty();
        }
    }
}
