package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.EgressPolicy.Mode;
import io.konnectproxy.policy.EgressPolicy.Rules;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Rule;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.target.ConnectTarget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped table, row by row and region by region, through the policy. */
class KonnectHostsTest {
    private static final String ALL = "au eu in me sg us";

    /** Written out here a second time, so that a slip in the shipped file does not go unseen. */
    private static final List<Row> ROWS = List.of(
            new Row("cloud.konghq.com", "platform", ""),
            new Row("global.api.konghq.com", "platform", ""),
            new Row("REGION.api.konghq.com", "api", ALL),
            new Row("REGION.kic.api.konghq.com", "kic", ALL),
            new Row("0646a7d680.REGION.cp0.konghq.com", "data-plane", ALL),
            new Row("0646a7d680.REGION.tp0.konghq.com", "data-plane", ALL),
            new Row("0646a7d680.REGION.cp.konghq.com", "data-plane", ALL),
            new Row("0646a7d680.REGION.tp.konghq.com", "data-plane", ALL),
            new Row("my-portal.REGION.portal.konghq.com", "portal", ALL),
            new Row("my-portal.REGION.kongportals.com", "portal", ALL),
            new Row("REGION.mesh.sync.konghq.com", "mesh", ALL),
            new Row("global.mesh.sync.konghq.com", "mesh", ""),
            new Row("REGION.control-plane.konghq.com", "event-gateway", ALL),
            new Row("REGION.telemetry.konghq.com", "event-gateway", ALL),
            new Row("REGION.identity.konghq.com", "identity", ALL),
            new Row("acme.REGION.identity.konghq.com", "identity", ALL),
            new Row("REGION.svc.konghq.com", "privatelink", "eu in me sg us"),
            new Row("ap.svc.konghq.com", "privatelink", "au"),
            new Row("global.svc.konghq.com", "privatelink", ""),
            new Row("global.mcp.konghq.com", "mcp", ""),
            new Row("REGION.mcp.konghq.com", "mcp", "au eu in us"));

    private static final KonnectCatalog CATALOG = ConfigurationLoader.packagedCatalog();
    private static final Region ELSEWHERE = new Region("zz");

    private record Row(String pattern, String purpose, String regions) {
        Stream<Host> hosts() {
            return regions.isEmpty()
                    ? Stream.of(new Host(pattern, new Purpose(purpose), Optional.empty()))
                    : Stream.of(regions.split(" "))
                            .map(region -> new Host(
                                    pattern.replace("REGION", region),
                                    new Purpose(purpose),
                                    Optional.of(new Region(region))));
        }
    }

    private record Host(String name, Purpose purpose, Optional<Region> region) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Host> hosts() {
        return ROWS.stream().flatMap(Row::hosts);
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void permits_when_region_and_purpose_are_on(Host host) {
        Verdict verdict = judge(host.name(), host.region().stream().toList(), List.of(host.purpose()), Set.of());

        assertThat(verdict).isInstanceOf(Permitted.class);
        Rule.KonnectRule rule =
                (Rule.KonnectRule) ((Permitted) verdict).permit().rule();
        assertThat(rule.match().host().purpose()).isEqualTo(host.purpose());
        assertThat(rule.match().host().region()).isEqualTo(host.region());
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void refuses_when_only_the_other_regions_are_on(Host host) {
        List<Region> others = new ArrayList<>(CATALOG.regions());
        host.region().ifPresent(others::remove);
        Verdict verdict = judge(host.name(), others, CATALOG.purposes(), Set.of());

        if (host.region().isPresent()) {
            assertThat(verdict)
                    .isEqualTo(new Refused(
                            Refusal.REGION_NOT_ENABLED, "Add " + host.region().get() + " to regions."));
        } else {
            assertThat(verdict).isInstanceOf(Permitted.class);
        }
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void refuses_when_only_the_other_purposes_are_on(Host host) {
        List<Purpose> others = new ArrayList<>(CATALOG.purposes());
        others.remove(host.purpose());

        assertThat(judge(host.name(), CATALOG.regions(), others, Set.of()))
                .isEqualTo(new Refused(Refusal.PURPOSE_NOT_ENABLED, "Add " + host.purpose() + " to purposes."));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void refuses_the_hosts_of_other_tenants_only(Host host) {
        Verdict own =
                judge(host.name(), CATALOG.regions(), CATALOG.purposes(), pins("0646a7d680", "my-portal", "acme"));
        Verdict other = judge(host.name(), CATALOG.regions(), CATALOG.purposes(), pins("other", "other", "other"));

        assertThat(own).isInstanceOf(Permitted.class);
        if (host.name().startsWith("0646a7d680.")) {
            assertThat(other).isEqualTo(new Refused(Refusal.CONTROL_PLANE_NOT_PINNED));
        } else if (host.name().startsWith("my-portal.")) {
            assertThat(other).isEqualTo(new Refused(Refusal.PORTAL_NOT_PINNED));
        } else if (host.name().startsWith("acme.")) {
            assertThat(other).isEqualTo(new Refused(Refusal.TENANT_NOT_PINNED));
        } else {
            assertThat(other).isInstanceOf(Permitted.class);
        }
    }

    private static Set<TenantLabel> pins(String controlPlane, String portal, String tenant) {
        return Set.of(
                new TenantLabel(OpenLabel.CONTROL_PLANE, controlPlane),
                new TenantLabel(OpenLabel.PORTAL, portal),
                new TenantLabel(OpenLabel.TENANT, tenant));
    }

    /** What all tenants share stays open whatever is pinned; the page on security lists it. */
    @Test
    void the_hosts_that_no_pin_closes_are_those_of_the_page() throws IOException {
        List<String> shared = CATALOG.hosts().stream()
                .filter(host -> host.pattern().openLabel().isEmpty())
                .map(host -> "`" + host.pattern() + "`")
                .distinct()
                .toList();
        String page = Files.readString(Path.of("..", "docs", "security.md"));
        String section = page.substring(page.indexOf("### What pins leave open"), page.indexOf("## Request head"));

        assertThat(Pattern.compile("`[a-z{][a-z{}.-]+\\.com`").matcher(section).results())
                .extracting(MatchResult::group)
                .containsExactlyInAnyOrderElementsOf(shared);
    }

    @Test
    void holds_nothing_but_these_rows() {
        Set<String> expected = hosts().map(host -> wildcard(host) + " " + host.purpose() + " " + host.region())
                .collect(Collectors.toCollection(LinkedHashSet::new));

        assertThat(CATALOG.hosts())
                .extracting(host -> host.wildcard() + " " + host.purpose() + " " + host.region())
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void pins_are_for_the_data_plane_purpose_only() {
        assertThat(CATALOG.hosts())
                .filteredOn(host -> host.pattern().openLabel().equals(Optional.of(OpenLabel.CONTROL_PLANE)))
                .extracting(KonnectHost::purpose)
                .containsOnly(new Purpose("data-plane"));
    }

    @Test
    void names_the_purposes_that_are_on_by_default() {
        assertThat(CATALOG.defaultPurposes())
                .extracting(Purpose::name)
                .containsExactlyInAnyOrder("platform", "api", "kic", "data-plane", "portal");
    }

    @Test
    void the_packaged_table_is_the_one_in_the_repository() {
        Problems problems = new Problems();
        Optional<KonnectCatalog> repository = YamlDocument.read("f", Examples.text(Examples.SHIPPED_HOSTS), problems)
                .flatMap(root -> KonnectHostsReader.read(root, problems));

        assertThat(problems.sentences()).isEmpty();
        assertThat(repository.orElseThrow().hosts()).isEqualTo(CATALOG.hosts());
    }

    private static String wildcard(Host host) {
        return host.name().replaceFirst("^(0646a7d680|my-portal|acme)\\.", "*.");
    }

    private static Verdict judge(
            String name, Iterable<Region> regions, Iterable<Purpose> purposes, Set<TenantLabel> pins) {
        Set<Region> on = new LinkedHashSet<>(Set.of(ELSEWHERE));
        regions.forEach(on::add);
        Set<Purpose> forWhat = new LinkedHashSet<>();
        purposes.forEach(forWhat::add);
        Rules rules = new Rules(on, forWhat, pins, List.of(), Mode.ENFORCE);
        return new EgressPolicy(CATALOG, rules, EgressPolicy.Clients.none())
                .decide(new Client(new InetSocketAddress("192.0.2.1", 1)), ConnectTarget.parse(name + ":443"))
                .verdict();
    }
}
