package io.konnectproxy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.SmallCatalog;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.policy.EgressPolicy.Clients;
import io.konnectproxy.policy.EgressPolicy.Mode;
import io.konnectproxy.policy.EgressPolicy.Rules;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.target.ConnectTarget;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each open label has pins of its own; where there are some, the hosts of every other tenant are refused. */
class PinsTest {
    private static final Set<Region> REGIONS = Set.of(new Region("us"));
    private static final Set<Purpose> PURPOSES =
            Set.of(new Purpose("data-plane"), new Purpose("portal"), new Purpose("identity"));

    @ParameterizedTest(name = "pinned: {0}; {1} is {2}")
    @CsvSource(nullValues = "-", textBlock = """
        -,               0.us.cp.konghq.com,      permitted
        -,               mine.us.kongportals.com, permitted
        -,               mine.us.identity.konghq.com, permitted
        cp:mine,         mine.us.cp.konghq.com,   permitted
        cp:mine,         mine.us.tp0.konghq.com,  permitted
        cp:mine,         other.us.cp.konghq.com,  Add the control plane's prefix to control-planes.
        cp:mine,         mine.us.kongportals.com, permitted
        cp:mine,         other.us.kongportals.com, permitted
        portal:mine,     mine.us.kongportals.com, permitted
        portal:mine,     other.us.kongportals.com, Add the portal's prefix to portals.
        portal:mine,     other.us.cp.konghq.com,  permitted
        portal:mine,     other.us.identity.konghq.com, permitted
        tenant:mine,     mine.us.identity.konghq.com, permitted
        tenant:mine,     other.us.identity.konghq.com, Add the tenant's prefix to tenants.
        tenant:mine,     us.identity.konghq.com,  permitted
        tenant:mine,     us.us.identity.konghq.com, Add the tenant's prefix to tenants.
        portal:mine,     mine2.us.kongportals.com, Add the portal's prefix to portals.
        portal:mine,     x.mine.us.kongportals.com, Only Konnect hosts and entries of extra-hosts are permitted.
        portal:mine,     MINE.us.kongportals.com, permitted
        cp:a portal:b tenant:c, a.us.cp.konghq.com, permitted
        cp:a portal:b tenant:c, b.us.cp.konghq.com, Add the control plane's prefix to control-planes.
        cp:a portal:b tenant:c, a.us.kongportals.com, Add the portal's prefix to portals.
        cp:a portal:b tenant:c, b.us.identity.konghq.com, Add the tenant's prefix to tenants.
        cp:a cp:b,       b.us.cp.konghq.com,      permitted
        """)
    void hold_for_what_they_are_for(String pins, String host, String verdict) {
        assertThat(said(policy(pins(pins), Clients.none()), "all", host)).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "pinned for all: {0}; for the client: {1}; {2} is {3}")
    @CsvSource(nullValues = "-", textBlock = """
        portal:mine, portal:own, own.us.kongportals.com,  permitted
        portal:mine, portal:own, mine.us.kongportals.com, Add the portal's prefix to portals of the client entry 'some'.
        portal:mine, -,          any.us.kongportals.com,  permitted
        -,           tenant:own, any.us.identity.konghq.com, Add the tenant's prefix to tenants of the client entry 'some'.
        """)
    void those_of_a_client_stand_in_place_of_those_of_all(String ofAll, String own, String host, String verdict) {
        ClientEntry entry = new ClientEntry("some", new Match.User("some"), REGIONS, PURPOSES, pins(own));
        EgressPolicy policy = policy(pins(ofAll), new Clients(List.of(entry), false));

        assertThat(said(policy, "some", host)).isEqualTo(verdict);
    }

    private static EgressPolicy policy(Set<TenantLabel> pins, Clients clients) {
        return new EgressPolicy(
                SmallCatalog.create(), new Rules(REGIONS, PURPOSES, pins, List.of(), Mode.ENFORCE), clients);
    }

    private static Set<TenantLabel> pins(String words) {
        return Stream.ofNullable(words)
                .flatMap(all -> Stream.of(all.split(" ")))
                .map(word -> word.split(":"))
                .map(pin -> new TenantLabel(
                        switch (pin[0]) {
                            case "cp" -> OpenLabel.CONTROL_PLANE;
                            case "portal" -> OpenLabel.PORTAL;
                            default -> OpenLabel.TENANT;
                        },
                        pin[1]))
                .collect(Collectors.toSet());
    }

    private static String said(EgressPolicy policy, String user, String host) {
        Client client =
                new Client(new InetSocketAddress("192.0.2.1", 1), Optional.empty(), Optional.of(user), List.of());
        Verdict verdict =
                policy.decide(client, ConnectTarget.parse(host + ":443")).verdict();
        return verdict instanceof Permitted ? "permitted" : ((Refused) verdict).remedy();
    }
}
