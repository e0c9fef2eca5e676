package io.konnectproxy.konnect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.target.HostName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KonnectCatalogTest {
    private final KonnectCatalog catalog = SmallCatalog.create();

    @ParameterizedTest(name = "{0} is {2} in {3}")
    @CsvSource(nullValues = "-", textBlock = """
        cloud.konghq.com,                 cloud.konghq.com,                        platform,    -,  -
        us.api.konghq.com,                {region}.api.konghq.com,                 api,         us, -
        EU.API.konghq.com,                {region}.api.konghq.com,                 api,         eu, -
        0646a7d680.us.cp0.konghq.com,     {control-plane}.{region}.cp0.konghq.com, data-plane,  us, control plane 0646a7d680
        0646a7d680.sg.tp.konghq.com,      {control-plane}.{region}.tp.konghq.com,  data-plane,  sg, control plane 0646a7d680
        my-portal.eu.kongportals.com,     {portal}.{region}.kongportals.com,       portal,      eu, portal my-portal
        us.identity.konghq.com,           {region}.identity.konghq.com,            identity,    us, -
        acme.us.identity.konghq.com,      {tenant}.{region}.identity.konghq.com,   identity,    us, tenant acme
        us.us.identity.konghq.com,        {tenant}.{region}.identity.konghq.com,   identity,    us, tenant us
        ap.svc.konghq.com,                ap.svc.konghq.com,                       privatelink, au, -
        """)
    void knows_the_row_of(String name, String pattern, String purpose, String region, String label) {
        KonnectMatch match = catalog.find(HostName.of(name)).orElseThrow();

        assertThat(match.host().pattern()).hasToString(pattern);
        assertThat(match.host().purpose()).hasToString(purpose);
        assertThat(match.host().region().map(Region::name)).isEqualTo(Optional.ofNullable(region));
        assertThat(match.label().map(filled -> filled.place().noun() + " " + filled))
                .isEqualTo(Optional.ofNullable(label));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(textBlock = """
        0646a7d680.us.cp0.konghq.com, false
        0646a7d680.us.tp0.konghq.com, true
        0646a7d680.sg.tp.konghq.com,  true
        tp.us.cp0.konghq.com,         false
        us.api.konghq.com,            false
        """)
    void tells_telemetry_from_configuration(String name, boolean telemetry) {
        assertThat(catalog.find(HostName.of(name)).orElseThrow().isTelemetry()).isEqualTo(telemetry);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(textBlock = """
        a longer registrable domain,         evilkonghq.com
        a longer label,                      evilus.api.konghq.com
        a Konnect name in front,             us.api.konghq.com.evil.com
        another top-level domain,            us.api.konghq.net
        something in front of an exact name, x.cloud.konghq.com
        the registrable domain,              konghq.com
        the other registrable domain,        kongportals.com
        a public host of the same domain,    httpbin.konghq.com
        two labels under a wildcard,         a.b.us.cp0.konghq.com
        the apex of a wildcard,              us.cp0.konghq.com
        the apex above the region,           cp0.konghq.com
        a region that does not exist,        xx.api.konghq.com
        a control plane in no region,        0646a7d680.xx.cp0.konghq.com
        a row that is not in this region,    sg.mcp.konghq.com
        a row that spells its region itself, au.svc.konghq.com
        an A-label as control plane,         xn--0646a7d680-abc.us.cp0.konghq.com
        an A-label as region,                xn--us-0a.api.konghq.com
        an A-label as domain,                us.api.xn--konghq-0a.com
        one label,                           localhost
        """)
    void does_not_know(String what, String name) {
        assertThat(catalog.find(HostName.of(name))).as(what).isEmpty();
    }

    @Test
    void tells_which_regions_and_purposes_exist() {
        assertThat(catalog.regions()).extracting(Region::name).containsExactly("au", "eu", "sg", "us");
        assertThat(catalog.purposes())
                .extracting(Purpose::name)
                .containsExactly("api", "data-plane", "identity", "mcp", "platform", "portal", "privatelink");
    }

    @Test
    void writes_rows_as_firewalls_do() {
        KonnectHost open =
                catalog.find(HostName.of("x.us.cp0.konghq.com")).orElseThrow().host();
        KonnectHost portal =
                catalog.find(HostName.of("x.us.kongportals.com")).orElseThrow().host();

        assertThat(open.wildcard()).isEqualTo("*.us.cp0.konghq.com");
        assertThat(open.hostOf(new TenantLabel(OpenLabel.CONTROL_PLANE, "0646a7d680")))
                .contains("0646a7d680.us.cp0.konghq.com");
        assertThat(portal.wildcard()).isEqualTo("*.us.kongportals.com");
        assertThat(portal.hostOf(new TenantLabel(OpenLabel.CONTROL_PLANE, "0646a7d680")))
                .isEmpty();
        assertThat(portal.hostOf(new TenantLabel(OpenLabel.PORTAL, "my-portal")))
                .contains("my-portal.us.kongportals.com");
    }

    @Test
    void refuses_two_rows_for_one_name() {
        KonnectHost us = new KonnectHost(
                HostPattern.parse("{region}.api.konghq.com"), new Purpose("api"), Optional.of(new Region("us")));
        KonnectHost same =
                new KonnectHost(HostPattern.parse("us.api.konghq.com"), new Purpose("platform"), Optional.empty());

        assertThatThrownBy(() -> new KonnectCatalog(List.of(us, same), Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two entries are for us.api.konghq.com");
    }
}
