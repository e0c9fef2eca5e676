package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With pins, the hosts of one's own control plane, portal and tenant are reached, and no other tenant's. */
class TenantPinsIT {
    @AutoClose
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(
                Origin.tls(Rig.CA, Rig.HOST),
                "purposes: [platform, api, data-plane, portal, identity]\ncontrol-planes: [0646a7d680]\nportals: [mine]\ntenants: [acme]\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cp0", "tp0", "cp", "tp"})
    void permits_the_hosts_of_a_pinned_control_plane(String kind) throws Exception {
        permits("0646a7d680.us." + kind + ".konghq.com");
    }

    /** The origin accepts on its own thread; the next test must not count this connection. */
    private void permits(String host) throws Exception {
        int upstreams = rig.origin().accepted();
        try (RawClient client = rig.client()) {
            assertThat(client.connect(host).answer().status()).isEqualTo(200);
            Await.until("the origin has it", () -> rig.origin().accepted() > upstreams);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mine.us.portal.konghq.com",
                "mine.us.kongportals.com",
                "us.identity.konghq.com",
                "acme.us.identity.konghq.com"
            })
    void permits_the_hosts_of_a_pinned_portal_and_tenant(String host) throws Exception {
        permits(host);
    }

    @ParameterizedTest
    @CsvSource({
        "attacker-portal.us.kongportals.com, portal_not_pinned, Add the portal's prefix to portals.",
        "other.us.portal.konghq.com, portal_not_pinned, Add the portal's prefix to portals.",
        "0646a7d680.us.kongportals.com, portal_not_pinned, Add the portal's prefix to portals.",
        "other.us.identity.konghq.com, tenant_not_pinned, Add the tenant's prefix to tenants."
    })
    void refuses_every_other_portal_and_tenant(String host, String token, String remedy) throws Exception {
        int upstreams = rig.origin().accepted();
        try (RawClient client = rig.client()) {
            Answer answer = client.connect(host).answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.reason()).isEqualTo(token);
            assertThat(answer.body()).contains(remedy);
            String id = answer.header("X-Konnect-Proxy-Request-Id").orElseThrow();
            assertThat(AuditLines.text(rig.audit().decisionOf(id), "reason")).isEqualTo(token);
        }
        assertThat(rig.origin().accepted()).isEqualTo(upstreams);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "36fc5d01be.us.cp0.konghq.com",
                "36fc5d01be.us.tp0.konghq.com",
                "36fc5d01be.eu.cp.konghq.com",
                "36fc5d01be.eu.tp.konghq.com",
                "0646a7d68.us.cp0.konghq.com",
                "0646a7d6800.us.cp0.konghq.com",
                "36fc5d01-be00-4000-8000-0123456789ab.us.cp0.konghq.com"
            })
    void refuses_the_hosts_of_every_other_one(String host) throws Exception {
        int upstreams = rig.origin().accepted();
        try (RawClient client = rig.client()) {
            Answer answer = client.connect(host).answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.reason()).isEqualTo("control_plane_not_pinned");
            String id = answer.header("X-Konnect-Proxy-Request-Id").orElseThrow();
            assertThat(AuditLines.text(rig.audit().decisionOf(id), "reason")).isEqualTo("control_plane_not_pinned");
        }
        assertThat(rig.origin().accepted()).isEqualTo(upstreams);
        assertThat(rig.served()).isEqualTo("served");
    }
}
