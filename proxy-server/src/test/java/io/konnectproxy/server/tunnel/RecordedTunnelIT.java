package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** What the trail is handed, and may have to keep for a while when the disk is slow. */
class RecordedTunnelIT {
    private final TestTrail trail = TestTrail.taking();

    @Test
    void a_record_holds_nothing_of_its_tunnel() throws Exception {
        try (Origin origin = Origin.plain(upstream -> upstream.getInputStream().readAllBytes());
                TunnelRig rig = new TunnelRig(trail, TunnelRig.at("127.0.0.1"), origin.port(), "")) {
            try (RawClient client = rig.client()) {
                client.connect(Rig.HOST).answer();
            }
            AuditRecord.TunnelEnd end = trail.nextEnd();
            assertThat(end.upstream().map(AuditRecord.Upstream::address))
                    .get()
                    .isExactlyInstanceOf(InetSocketAddress.class);
        }
    }

    @Test
    void the_end_of_a_tunnel_has_the_client_and_the_rule_of_its_decision() throws Exception {
        try (Origin origin = Origin.plain(upstream -> upstream.getInputStream().readAllBytes());
                TunnelRig rig = new TunnelRig(trail, TunnelRig.at("127.0.0.1"), origin.port(), "")) {
            try (RawClient client = rig.client()) {
                client.connect(Rig.HOST).answer();
            }
            AuditRecord.Decision decision = trail.nextVerdict();
            AuditRecord.TunnelEnd end = trail.nextEnd();
            assertThat(end.requester())
                    .isEqualTo(new AuditRecord.Requester(decision.listener(), decision.client(), decision.entry()));
            assertThat(decision.verdict())
                    .isInstanceOfSatisfying(
                            Verdict.Permitted.class,
                            permitted -> assertThat(end.rule())
                                    .isEqualTo(permitted.permit().rule()));
        }
    }
}
