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
import io.konnectproxy.policy.Verdict.Unenforced;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.target.HostName;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * For all: us, platform and api, any tenant, one extra host. For payments: eu, data-plane, one pin. For reports: us, api,
 * platform and data-plane, any tenant.
 */
class ClientRulesTest {
    @ParameterizedTest(name = "{0}: {1} for {2}")
    @CsvSource(textBlock = """
        all,      us.api.konghq.com:443,             permitted
        all,      eu.api.konghq.com:443,             REGION_NOT_ENABLED
        all,      0646a7d680.us.cp0.konghq.com:443,  PURPOSE_NOT_ENABLED
        payments, 36fc5d01be.eu.cp0.konghq.com:443,  permitted
        payments, 36fc5d01be.eu.tp.konghq.com:443,   permitted
        payments, 36fc5d01be.us.cp0.konghq.com:443,  REGION_NOT_ENABLED
        payments, 0646a7d680.eu.cp0.konghq.com:443,  CONTROL_PLANE_NOT_PINNED
        payments, us.api.konghq.com:443,             REGION_NOT_ENABLED
        payments, eu.api.konghq.com:443,             PURPOSE_NOT_ENABLED
        payments, cloud.konghq.com:443,              PURPOSE_NOT_ENABLED
        payments, example.com:443,                   HOST_NOT_KONNECT
        reports,  0646a7d680.us.cp0.konghq.com:443,  permitted
        reports,  1111111111.us.cp0.konghq.com:443,  permitted
        reports,  cloud.konghq.com:443,              permitted
        reports,  36fc5d01be.eu.cp0.konghq.com:443,  REGION_NOT_ENABLED
        all,      kong.mirror.corp:443,              permitted
        payments, kong.mirror.corp:443,              permitted
        payments, 127.0.0.1:443,                     IP_LITERAL
        payments, 36fc5d01be.eu.cp0.konghq.com:80,   PORT_NOT_ALLOWED
        payments, 36fc5d01be.eu.cp0.konghq.com.:443, HOST_NOT_KONNECT
        payments, 36fc5d01be.eu.cp0.konghq.com,      MALFORMED_REQUEST
        """)
    void an_entry_stands_in_place_of_the_rules_of_all(String who, String target, String expected) {
        assertThat(said(judge(false, Mode.ENFORCE, who, target))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} asks for {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        all      | eu.api.konghq.com:443            | Add eu to regions.
        payments | us.api.konghq.com:443            | Add us to regions of the client entry 'payments'.
        payments | eu.api.konghq.com:443            | Add api to purposes of the client entry 'payments'.
        payments | 0646a7d680.eu.cp0.konghq.com:443 | Add the control plane's prefix to control-planes of the client entry 'payments'.
        payments | 36fc5d01-be00-4000-8000-0123456789ab.eu.cp0.konghq.com:443 | The host begins with a UUID; Konnect's hosts begin with the control plane's short prefix.
        payments | example.com:443                  | Only Konnect hosts and entries of extra-hosts are permitted.
        """)
    void the_remedy_names_the_place(String who, String target, String remedy) {
        assertThat(judge(false, Mode.ENFORCE, who, target))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.remedy()).isEqualTo(remedy));
    }

    @ParameterizedTest(name = "{0}: {1} for {2}")
    @CsvSource(textBlock = """
        all,      us.api.konghq.com:443,             CLIENT_NOT_LISTED
        all,      kong.mirror.corp:443,              CLIENT_NOT_LISTED
        all,      example.com:443,                   CLIENT_NOT_LISTED
        all,      127.0.0.1:443,                     IP_LITERAL
        all,      us.api.konghq.com:80,              PORT_NOT_ALLOWED
        all,      us.api.konghq.com.:443,            HOST_NOT_KONNECT
        all,      us.api.konghq.com,                 MALFORMED_REQUEST
        payments, 36fc5d01be.eu.cp0.konghq.com:443,  permitted
        payments, us.api.konghq.com:443,             REGION_NOT_ENABLED
        payments, kong.mirror.corp:443,              permitted
        """)
    void with_clients_only_whoever_has_no_entry_reaches_nothing(String who, String target, String expected) {
        assertThat(said(judge(true, Mode.ENFORCE, who, target))).isEqualTo(expected);
    }

    @Test
    void clients_only_without_entries_is_for_nobody() {
        EgressPolicy policy =
                new EgressPolicy(SmallCatalog.create(), rules(Mode.ENFORCE), new Clients(List.of(), true));

        assertThat(said(policy.decide(client("payments"), ConnectTarget.parse("us.api.konghq.com:443"))
                        .verdict()))
                .isEqualTo("CLIENT_NOT_LISTED");
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource({
        "all, us.api.konghq.com:443, CLIENT_NOT_LISTED",
        "all, kong.mirror.corp:443, CLIENT_NOT_LISTED",
        "payments, us.api.konghq.com:443, REGION_NOT_ENABLED",
        "payments, 0646a7d680.eu.cp0.konghq.com:443, CONTROL_PLANE_NOT_PINNED"
    })
    void report_only_lets_through_what_the_clients_own_rules_refuse(String who, String target, Refusal refusal) {
        assertThat(judge(true, Mode.REPORT_ONLY, who, target)).isInstanceOfSatisfying(Unenforced.class, unenforced -> {
            assertThat(unenforced.refused().refusal()).isEqualTo(refusal);
            assertThat(unenforced.permit().rule().reason()).isEqualTo(refusal.token());
        });
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:443", "us.api.konghq.com:80", "us.api.konghq.com.:443", "us.api.konghq.com"})
    void report_only_keeps_refusing_what_is_unsafe_to_whoever_has_no_entry(String target) {
        assertThat(judge(true, Mode.REPORT_ONLY, "all", target)).isInstanceOf(Refused.class);
    }

    @Test
    void an_entry_without_regions_reaches_no_region() {
        ClientEntry none = new ClientEntry(
                "none",
                new Match.User("none"),
                Set.of(),
                Set.of(new Purpose("api"), new Purpose("platform")),
                Set.of());
        EgressPolicy policy =
                new EgressPolicy(SmallCatalog.create(), rules(Mode.ENFORCE), new Clients(List.of(none), false));

        assertThat(said(policy.decide(client("none"), ConnectTarget.parse("us.api.konghq.com:443"))
                        .verdict()))
                .isEqualTo("REGION_NOT_ENABLED");
        assertThat(said(policy.decide(client("none"), ConnectTarget.parse("cloud.konghq.com:443"))
                        .verdict()))
                .as("it belongs to none")
                .isEqualTo("permitted");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"us.api.konghq.com:443", "127.0.0.1:443", "us.api.konghq.com"})
    void a_judgement_tells_the_entry_whatever_decided(String target) {
        Judgement judgement = policy(false, Mode.ENFORCE).decide(client("payments"), ConnectTarget.parse(target));

        assertThat(judgement.entry().map(ClientEntry::name)).contains("payments");
        assertThat(judgement.verdict()).isInstanceOf(Refused.class);
        assertThat(policy(false, Mode.ENFORCE)
                        .decide(client("all"), ConnectTarget.parse(target))
                        .entry())
                .isEmpty();
    }

    private static Verdict judge(boolean only, Mode mode, String who, String target) {
        return policy(only, mode)
                .decide(client(who), ConnectTarget.parse(target))
                .verdict();
    }

    private static EgressPolicy policy(boolean only, Mode mode) {
        ClientEntry payments = new ClientEntry(
                "payments",
                new Match.User("payments"),
                Set.of(new Region("eu")),
                Set.of(new Purpose("data-plane")),
                Set.of(new TenantLabel(OpenLabel.CONTROL_PLANE, "36fc5d01be")));
        ClientEntry reports = new ClientEntry(
                "reports",
                new Match.User("reports"),
                Set.of(new Region("us")),
                Set.of(new Purpose("api"), new Purpose("platform"), new Purpose("data-plane")),
                Set.of());
        return new EgressPolicy(SmallCatalog.create(), rules(mode), new Clients(List.of(payments, reports), only));
    }

    private static Rules rules(Mode mode) {
        return new Rules(
                Set.of(new Region("us")),
                Set.of(new Purpose("platform"), new Purpose("api")),
                Set.of(),
                List.of(new ExtraHost("mirror", HostName.of("kong.mirror.corp"), Set.of())),
                mode);
    }

    private static Client client(String user) {
        return new Client(new InetSocketAddress("192.0.2.1", 1), Optional.empty(), Optional.of(user), List.of());
    }

    private static String said(Verdict verdict) {
        return verdict instanceof Permitted
                ? "permitted"
                : ((Refused) verdict).refusal().name();
    }
}
