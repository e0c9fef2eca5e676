package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wall clock that jumps: lines say what it says, and no deadline and no duration depends on it. */
class ClockIT {
    private static final Instant BEFORE = Instant.parse("2026-11-22T18:00:00Z");
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);

    @ParameterizedTest
    @ValueSource(strings = {"P3650D", "-P3650D", "PT1H", "-PT1H"})
    void a_jump_ends_no_tunnel_and_stretches_no_deadline(Duration jump) throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(BEFORE);
        TestTrail trail = TestTrail.taking();
        try (Origin origin =
                        Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream()));
                TunnelRig rig = new TunnelRig(
                        trail,
                        TunnelRig.at("127.0.0.1"),
                        origin.port(),
                        "timeouts: {head: 300ms, idle: 500ms}\n",
                        now::get);
                RawClient silent = rig.client();
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            now.set(BEFORE.plus(jump));
            client.say(HELLO);
            assertThat(client.socket().getInputStream().readNBytes(HELLO.length))
                    .isEqualTo(HELLO);
            assertThat(silent.answer().reason()).isEqualTo("head_timeout");
            AuditRecord.TunnelEnd end = trail.nextEnd();
            assertThat(end.outcome()).isEqualTo(Outcome.Closed.IDLE);
            assertThat(end.time()).isEqualTo(BEFORE.plus(jump));
            assertThat(end.duration()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(30));
        }
    }
}
