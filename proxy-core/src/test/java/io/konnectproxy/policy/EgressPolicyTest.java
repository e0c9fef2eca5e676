package io.konnectproxy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.SmallCatalog;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.EgressPolicy.Mode;
import io.konnectproxy.policy.EgressPolicy.Rules;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.policy.Verdict.Unenforced;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.target.HostName;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules in force: regions us and au, purposes platform, api, data-plane, one pin, one extra host. */
class EgressPolicyTest {
    private static final Client ANYBODY = new Client(new InetSocketAddress("192.0.2.1", 1));
    private static final ExtraHost MIRROR =
            new ExtraHost("mirror", HostName.of("kong.mirror.corp"), Set.of(HostName.of("us.api.konghq.com")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cloud.konghq.com:443",
                "us.api.konghq.com:443",
                "US.API.KONGHQ.COM:443",
                "0646a7d680.us.cp0.konghq.com:443",
                "0646a7d680.us.tp0.konghq.com:443",
                "0646a7d680.au.cp.konghq.com:443",
                "0646a7d680.au.tp.konghq.com:443"
            })
    void permits_what_is_on(String target) {
        Verdict verdict = judge(Mode.ENFORCE, target);

        assertThat(verdict).isInstanceOf(Permitted.class);
        TunnelPermit permit = ((Permitted) verdict).permit();
        assertThat(permit.authority()).isEqualTo(ConnectTarget.parse(target));
        assertThat(permit.rule().reason()).isEqualTo("konnect_host");
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource(textBlock = """
        another region,              eu.api.konghq.com:443,                          REGION_NOT_ENABLED
        a region where it is not,    sg.mcp.konghq.com:443,                          HOST_NOT_KONNECT
        a region and a purpose off,  eu.mcp.konghq.com:443,                          REGION_NOT_ENABLED
        another purpose,             us.mcp.konghq.com:443,                          PURPOSE_NOT_ENABLED
        a purpose by other spelling, ap.svc.konghq.com:443,                          PURPOSE_NOT_ENABLED
        another tenant cp0,          1111111111.us.cp0.konghq.com:443,               CONTROL_PLANE_NOT_PINNED
        another tenant tp0,          1111111111.us.tp0.konghq.com:443,               CONTROL_PLANE_NOT_PINNED
        another tenant cp,           1111111111.us.cp.konghq.com:443,                CONTROL_PLANE_NOT_PINNED
        another tenant tp,           1111111111.us.tp.konghq.com:443,                CONTROL_PLANE_NOT_PINNED
        the pin in another region,   0646a7d680.eu.cp0.konghq.com:443,               REGION_NOT_ENABLED
        an unknown region,           xx.api.konghq.com:443,                          HOST_NOT_KONNECT
        a look-alike,                evilkonghq.com:443,                             HOST_NOT_KONNECT
        a Konnect name in front,     us.api.konghq.com.evil.com:443,                 HOST_NOT_KONNECT
        the pin two labels deep,     x.0646a7d680.us.cp0.konghq.com:443,             HOST_NOT_KONNECT
        the apex of the wildcard,    us.cp0.konghq.com:443,                          HOST_NOT_KONNECT
        an A-label,                  xn--0646a7d680-0a.us.cp0.konghq.com:443,        HOST_NOT_KONNECT
        below an extra host,         x.kong.mirror.corp:443,                         HOST_NOT_KONNECT
        a rooted name,               us.api.konghq.com.:443,                         HOST_NOT_KONNECT
        a rooted extra host,         kong.mirror.corp.:443,                          HOST_NOT_KONNECT
        the plain port,              us.api.konghq.com:80,                           PORT_NOT_ALLOWED
        a port of an extra host,     kong.mirror.corp:8443,                          PORT_NOT_ALLOWED
        a port of a rooted name,     us.api.konghq.com.:80,                          PORT_NOT_ALLOWED
        an IPv4 address,             127.0.0.1:443,                                  IP_LITERAL
        an address as one number,    2130706433:443,                                 IP_LITERAL
        a hexadecimal address,       0x7f.1:443,                                     IP_LITERAL
        an IPv6 address,             [::1]:443,                                      IP_LITERAL
        no port,                     us.api.konghq.com,                              MALFORMED_REQUEST
        user information,            us.api.konghq.com@evil.com:443,                 MALFORMED_REQUEST
        """)
    void refuses_what_is_off(String what, String target, Refusal refusal) {
        assertThat(judge(Mode.ENFORCE, target))
                .as(what)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.refusal()).isEqualTo(refusal));
    }

    @ParameterizedTest(name = "{0} is told: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        eu.api.konghq.com:443              | Add eu to regions.
        us.mcp.konghq.com:443              | Add mcp to purposes.
        1111111111.us.cp0.konghq.com:443   | Add the control plane's prefix to control-planes.
        36fc5d01-be00-4000-8000-0123456789ab.us.cp0.konghq.com:443 | The host begins with a UUID; Konnect's hosts begin with the control plane's short prefix.
        us.api.konghq.com.:443             | Leave out the dot at the end; the canonical form is {region}.api.konghq.com.
        evil.com.:443                      | Only Konnect hosts and entries of extra-hosts are permitted.
        us.api.konghq.com:8071             | Konnect sends its audit logs from this port to you; a data plane never dials it.
        us.api.konghq.com:20010            | Konnect sends its audit logs from this port to you; a data plane never dials it.
        us.api.konghq.com:8443             | Konnect is reached on port 443 only.
        """)
    void says_what_would_permit(String target, String remedy) {
        assertThat(judge(Mode.ENFORCE, target))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.remedy()).isEqualTo(remedy));
    }

    @Test
    void permits_an_extra_host_and_its_server_names() {
        TunnelPermit permit = ((Permitted) judge(Mode.ENFORCE, "kong.mirror.corp:443")).permit();

        assertThat(permit.rule()).isEqualTo(new Rule.ExtraHostRule(MIRROR));
        assertThat(permit.rule().reason()).isEqualTo("extra_host");
        assertThat(permit.admitsServerName("kong.mirror.corp")).isTrue();
        assertThat(permit.admitsServerName("us.api.konghq.com")).isTrue();
        assertThat(permit.admitsServerName("eu.api.konghq.com")).isFalse();
    }

    @Test
    void a_permit_admits_the_server_name_of_its_host_only() {
        TunnelPermit permit = ((Permitted) judge(Mode.ENFORCE, "US.api.konghq.com:443")).permit();

        assertThat(permit.admitsServerName("us.api.konghq.com")).isTrue();
        assertThat(permit.admitsServerName("kong_clustering")).isFalse();
        assertThat(permit.admitsServerName("")).isFalse();
    }

    @Test
    void without_pins_every_tenants_control_plane_is_permitted() {
        Rules rules = new Rules(
                Set.of(new Region("us")), Set.of(new Purpose("data-plane")), Set.of(), List.of(), Mode.ENFORCE);
        EgressPolicy policy = new EgressPolicy(SmallCatalog.create(), rules, EgressPolicy.Clients.none());

        assertThat(policy.decide(ANYBODY, ConnectTarget.parse("1111111111.us.cp0.konghq.com:443"))
                        .verdict())
                .isInstanceOf(Permitted.class);
        assertThat(policy.decide(ANYBODY, ConnectTarget.parse("xn--1.us.cp0.konghq.com:443"))
                        .verdict())
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest(name = "{0} is let through and recorded as {1}")
    @CsvSource({
        "eu.api.konghq.com:443, REGION_NOT_ENABLED",
        "us.mcp.konghq.com:443, PURPOSE_NOT_ENABLED",
        "1111111111.us.cp0.konghq.com:443, CONTROL_PLANE_NOT_PINNED",
        "example.com:443, HOST_NOT_KONNECT"
    })
    void report_only_lets_refused_names_through(String target, Refusal refusal) {
        assertThat(judge(Mode.REPORT_ONLY, target)).isInstanceOfSatisfying(Unenforced.class, unenforced -> {
            assertThat(unenforced.refused().refusal()).isEqualTo(refusal);
            assertThat(unenforced.permit().authority()).isEqualTo(ConnectTarget.parse(target));
            assertThat(unenforced.permit().rule().reason()).isEqualTo(refusal.token());
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com:80",
                "us.api.konghq.com:8071",
                "127.0.0.1:443",
                "[::1]:443",
                "us.api.konghq.com.:443",
                "us.api.konghq.com",
                ""
            })
    void report_only_does_not_let_through_what_is_unsafe(String target) {
        assertThat(judge(Mode.REPORT_ONLY, target)).isInstanceOf(Refused.class);
    }

    @Test
    void report_only_still_permits_what_is_on_by_its_rule() {
        assertThat(judge(Mode.REPORT_ONLY, "us.api.konghq.com:443")).isInstanceOf(Permitted.class);
    }

    private static Verdict judge(Mode mode, String target) {
        Rules rules = new Rules(
                Set.of(new Region("us"), new Region("au")),
                Set.of(new Purpose("platform"), new Purpose("api"), new Purpose("data-plane")),
                Set.of(new TenantLabel(OpenLabel.CONTROL_PLANE, "0646a7d680")),
                List.of(MIRROR),
                mode);
        return new EgressPolicy(SmallCatalog.create(), rules, EgressPolicy.Clients.none())
                .decide(ANYBODY, ConnectTarget.parse(target))
                .verdict();
    }
}
