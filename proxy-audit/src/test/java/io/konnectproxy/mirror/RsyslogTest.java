package io.konnectproxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.mirror.MirrorUrl.Protocol;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.TestAuthority;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receiver that most have: what rsyslog writes to its file is the trail. */
class RsyslogTest {
    private static final DeliveryQueue.Bounds BOUNDS = new DeliveryQueue.Bounds(32_768, 16 << 20, 512, 64 << 10);

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void isInstalled() {
        assumeTrue(Rsyslog.program().isPresent(), "no rsyslogd on this machine");
    }

    @Test
    void over_tcp_rsyslog_has_the_lines_of_the_trail() throws Exception {
        try (Rsyslog rsyslog = Rsyslog.plain(directory)) {
            hasTheLines(rsyslog, Protocol.SYSLOG_TCP, Optional.empty());
        }
    }

    @Test
    void over_tls_rsyslog_has_the_lines_of_the_trail() throws Exception {
        assumeTrue(Rsyslog.hasTls(), "rsyslog has no TLS on this machine");
        try (Rsyslog rsyslog = Rsyslog.tls(directory, new TestAuthority())) {
            hasTheLines(rsyslog, Protocol.SYSLOG_TLS, Optional.of(TrustedCertificates.read(rsyslog.trust())));
        }
    }

    private static void hasTheLines(Rsyslog rsyslog, Protocol protocol, Optional<TrustedCertificates> trust) {
        MirrorTarget target = new MirrorTarget(new MirrorUrl(protocol, "localhost", rsyslog.port, ""), trust);
        PeerMirror mirror = new PeerMirror(target.url().toString(), SyslogTransport.to("proxy-1", target), BOUNDS);
        List<String> lines =
                new ArrayList<>(List.of(TrailLines.start(1), TrailLines.refused(2), TrailLines.mirror(3), longLine(4)));
        lines.addAll(TrailLines.numbered(5, 5_000));
        lines.forEach(mirror::print);
        mirror.beginEnd();
        // It may still be starting.
        mirror.awaitEnd(System.nanoTime() + TimeUnit.SECONDS.toNanos(30));

        assertThat(mirror.missed()).as(rsyslog.output()).isEmpty();
        Await.until("rsyslog has written all", () -> rsyslog.lines().size() >= lines.size());
        assertThat(rsyslog.lines()).isEqualTo(lines);
        Await.until("the parts too", () -> rsyslog.parts().size() >= lines.size());
        assertThat(rsyslog.parts().get(1))
                .matches("(audit|13|security) notice 2026-11-22T18:00:00\\.002001(Z|\\+00:00) \\S+ konnect-proxy "
                        + ProcessHandle.current().pid() + " decision");
        assertThat(rsyslog.parts().get(2)).contains(" warning ").endsWith(" mirror");
    }

    /** As long as lines of the trail become: every character of a target escaped. */
    private static String longLine(long seq) {
        return TrailLines.refused(seq).replace("\\u0000", "\\u0000".repeat(2_000));
    }
}
