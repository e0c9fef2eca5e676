package io.konnectproxy.server.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.konnectproxy.server.config.Configuration.Audit;
import io.konnectproxy.server.config.Configuration.Audit.Durability;
import io.konnectproxy.server.config.Configuration.Audit.MirrorTarget;
import io.konnectproxy.server.config.Configuration.Audit.OnFailure;
import io.konnectproxy.server.config.Configuration.Audit.Rotation;
import io.konnectproxy.server.config.MirrorUrl;
import io.konnectproxy.server.config.MirrorUrl.Carriage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** All mirrors of a configuration together. */
@Isolated("sets a filter for all loggers")
class MirrorsTest {
    private static final Rotation NEVER =
            new Rotation(Optional.empty(), false, false, Optional.empty(), Optional.empty(), Optional.empty());

    private static Audit audit(List<MirrorTarget> mirrors) {
        return new Audit(
                Optional.of("a.jsonl"), false, OnFailure.REFUSE, Durability.OS, NEVER, Optional.empty(), mirrors);
    }

    private static MirrorTarget target(Carriage carriage, int port) {
        return new MirrorTarget(
                new MirrorUrl(carriage, "localhost", port, carriage.isSyslog() ? "" : "/v1/logs"), Optional.empty());
    }

    @Test
    void every_mirror_has_every_line_before_the_end() throws Exception {
        try (SyslogReceiver syslog = SyslogReceiver.plain();
                OtlpCollector otlp = OtlpCollector.plain()) {
            Mirrors mirrors = Mirrors.open(audit(
                    List.of(target(Carriage.SYSLOG_TCP, syslog.port()), target(Carriage.OTLP_HTTP, otlp.port()))));
            List<String> lines = TrailLines.numbered(1, 1_000);
            lines.forEach(mirrors::print);
            Await.until(
                    "both have all",
                    () -> syslog.messages.size() == 1_000 && otlp.bodies().size() == 1_000);
            mirrors.close();

            assertThat(syslog.texts()).isEqualTo(lines);
            assertThat(otlp.bodies()).isEqualTo(lines);
            assertThat(mirrors.missed()).isEmpty();
            assertThat(mirrors.missedInAll()).isZero();
        }
    }

    @Test
    void a_filter_of_logback_takes_no_line_uncounted() throws Exception {
        LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
        TurboFilter filter = new TurboFilter() {
            @Override
            public FilterReply decide(
                    @Nullable Marker marker,
                    Logger logger,
                    Level level,
                    String format,
                    Object @Nullable [] parameters,
                    @Nullable Throwable thrown) {
                return format != null && format.contains("\"seq\":2,") ? FilterReply.DENY : FilterReply.NEUTRAL;
            }
        };
        try (SyslogReceiver syslog = SyslogReceiver.plain()) {
            Mirrors mirrors = Mirrors.open(audit(List.of(target(Carriage.SYSLOG_TCP, syslog.port()))));
            logback.addTurboFilter(filter);
            TrailLines.numbered(1, 3).forEach(mirrors::print);
            Await.until("the others are there", () -> syslog.messages.size() == 2);
            mirrors.close();
            assertThat(mirrors.missed())
                    .containsExactly(new Missed(
                            "syslog+tcp://localhost:" + syslog.port(),
                            1,
                            TrailLines.time(2),
                            TrailLines.time(2),
                            "the configuration of Logback keeps lines from it"));
        } finally {
            logback.getTurboFilterList().remove(filter);
        }
    }

    @Test
    void none_is_none() {
        try (Mirrors mirrors = Mirrors.open(audit(List.of()))) {
            mirrors.print(TrailLines.permitted(1));
            assertThat(mirrors.missed()).isEmpty();
        }
    }
}
