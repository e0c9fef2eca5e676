package io.konnectproxy.server.command;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.Judgement;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.config.RulesInForce;
import io.konnectproxy.server.doctor.Diagnosis;
import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.konnectproxy.server.doctor.DoctorStep;
import io.konnectproxy.server.doctor.HostGroup;
import io.konnectproxy.server.doctor.StepReport;
import io.konnectproxy.target.ConnectTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The hosts that {@code doctor} tries: the one that was named, or those of pinned control planes and the API of each region. The
 * policy has permitted each of them, for at least one client.
 *
 * @param report of the policy's decision
 */
record DoctorHosts(List<HostGroup> groups, StepReport report) {
    /** A fleet may have pinned hundreds. */
    private static final int MOST_PINNED = 8;

    static DoctorHosts of(LoadedConfiguration loaded, Optional<String> host) {
        return host.map(named -> named(loaded.configuration(), named))
                .orElseGet(() -> permitted(loaded.configuration()));
    }

    private static DoctorHosts named(Configuration configuration, String named) {
        Optional<String> read = PastedTarget.read(named);
        ConnectTarget target = ConnectTarget.parse(read.orElse(named));
        // What cannot be read may hold a password.
        String asked = read.map(text -> text.replaceFirst(":" + EgressPolicy.PORT + "$", ""))
                .orElse("the host that was named");
        List<Judgement> judgements = configuration.rulesInForce().stream()
                .map(rules -> policy(configuration, rules)
                        .decide(RequestJudge.client(Optional.empty(), Optional.empty(), List.of()), target))
                .toList();
        Judgement judgement = judgements.stream()
                .filter(each -> each.verdict() instanceof Verdict.Permitted)
                .findFirst()
                .orElse(judgements.get(0));
        String sentence = ExplainCommand.verdict(judgement, configuration);
        if (judgement.verdict() instanceof Verdict.Permitted permitted) {
            return new DoctorHosts(List.of(group(permitted.permit())), report(asked, new Fine(sentence)));
        }
        if (judgement.verdict() instanceof Verdict.Unenforced unenforced) {
            return new DoctorHosts(
                    List.of(group(unenforced.permit())),
                    report(asked, new Doubtful(sentence, unenforced.refused().remedy())));
        }
        return new DoctorHosts(
                List.of(), report(asked, new Failing(sentence, ((Verdict.Refused) judgement.verdict()).remedy())));
    }

    private static HostGroup group(TunnelPermit permit) {
        return new HostGroup(permit.authority().host().toString(), List.of(permit));
    }

    private static EgressPolicy policy(Configuration configuration, RulesInForce rules) {
        return new EgressPolicy(configuration.catalog(), rules.rules(), EgressPolicy.Clients.none());
    }

    private static StepReport report(String asked, Diagnosis diagnosis) {
        return new StepReport(
                DoctorStep.POLICY, Optional.empty(), "Whether the proxy may reach " + asked, diagnosis, Duration.ZERO);
    }

    private static DoctorHosts permitted(Configuration configuration) {
        Map<String, HostGroup> pinned = new LinkedHashMap<>();
        Map<String, HostGroup> shared = new LinkedHashMap<>();
        for (RulesInForce rules : configuration.rulesInForce()) {
            EgressPolicy policy = policy(configuration, rules);
            for (TenantLabel pin :
                    TenantLabel.of(OpenLabel.CONTROL_PLANE, rules.rules().pins())) {
                List<String> names = configuration.catalog().hosts().stream()
                        .filter(rules::enables)
                        .flatMap(row -> row.hostOf(pin).stream())
                        .toList();
                add(pinned, pin.toString(), names, policy);
            }
            for (Region region : new TreeSet<>(rules.rules().regions())) {
                ofRegion(configuration, rules, region)
                        .ifPresent(row -> add(shared, row.wildcard(), List.of(row.wildcard()), policy));
            }
        }
        return chosen(List.copyOf(pinned.values()), List.copyOf(shared.values()));
    }

    /** The API's host, or another of the region that all tenants share. */
    private static Optional<KonnectHost> ofRegion(Configuration configuration, RulesInForce rules, Region region) {
        List<KonnectHost> shared = configuration.catalog().hosts().stream()
                .filter(rules::enables)
                .filter(row -> row.region().equals(Optional.of(region)))
                .filter(row ->
                        row.pattern().openLabel().isEmpty() && !row.purpose().equals(Purpose.PRIVATELINK))
                .toList();
        return shared.stream()
                .filter(row -> row.purpose().equals(new Purpose("api")))
                .findFirst()
                .or(() -> shared.stream().findFirst());
    }

    private static void add(Map<String, HostGroup> groups, String label, List<String> names, EgressPolicy policy) {
        List<TunnelPermit> permits = new ArrayList<>();
        for (String name : names) {
            Verdict verdict = policy.decide(
                            RequestJudge.client(Optional.empty(), Optional.empty(), List.of()),
                            ConnectTarget.parse(name + ":" + EgressPolicy.PORT))
                    .verdict();
            if (verdict instanceof Verdict.Permitted permitted) {
                permits.add(permitted.permit());
            }
        }
        if (!permits.isEmpty()) {
            groups.merge(label, new HostGroup(label, permits), HostGroup::with);
        }
    }

    private static DoctorHosts chosen(List<HostGroup> pinned, List<HostGroup> shared) {
        List<HostGroup> tried = new ArrayList<>(pinned.subList(0, Math.min(pinned.size(), MOST_PINNED)));
        tried.addAll(shared);
        if (tried.isEmpty()) {
            return new DoctorHosts(
                    List.of(),
                    report(
                            "a Konnect host",
                            new Doubtful(
                                    "The configuration permits no host whose whole name is known, so none is tried.",
                                    "Name a host: konnect-proxy doctor 0646a7d680.us.cp0.konghq.com.")));
        }
        int left = pinned.size() - Math.min(pinned.size(), MOST_PINNED);
        String came = "permitted: " + tried.stream().map(HostGroup::label).collect(Collectors.joining(", "));
        return new DoctorHosts(
                tried,
                report(
                        "Konnect, and which hosts are tried",
                        new Fine(
                                left == 0
                                        ? came
                                        : came + "; " + left
                                                + " more control planes are not tried: name a host of theirs as HOST")));
    }
}
