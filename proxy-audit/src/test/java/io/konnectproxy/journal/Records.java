package io.konnectproxy.journal;

import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.audit.AuditRecord.Decision;
import io.konnectproxy.audit.AuditRecord.Handshake;
import io.konnectproxy.audit.AuditRecord.Hello;
import io.konnectproxy.audit.AuditRecord.Lifecycle;
import io.konnectproxy.audit.AuditRecord.Refusals;
import io.konnectproxy.audit.AuditRecord.Refusals.CountedClient;
import io.konnectproxy.audit.AuditRecord.Requester;
import io.konnectproxy.audit.AuditRecord.TunnelEnd;
import io.konnectproxy.audit.AuditRecord.Upstream;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.konnect.HostPattern;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.ExtraHost;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Rule;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.target.HostName;
import io.konnectproxy.trail.Link;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Records as the tunnel path makes them, with verdicts of a real policy. */
final class Records {
    static final Instant TIME = Instant.parse("2026-11-22T18:00:00.123456789Z");
    static final InetSocketAddress CLIENT = address("10.0.0.7", 51234);

    static final String TRAIL = "00ab12cd34ef";
    /** Before the first line of a trail of that name. */
    static final Link BEGIN = new Link(0, Link.NONE.hash(), Optional.of(TRAIL));

    static final String DIGEST = "0123456789ab";

    private static final OptionalInt NO_STATUS = OptionalInt.empty();
    private static final Region US = new Region("us");

    private Records() {}

    static Decision permitted(String id) {
        return decision(id, "0646a7d680.us.cp0.konghq.com:443");
    }

    static Decision permitted(String id, Instant time) {
        Decision decision = permitted(id);
        return new Decision(
                time,
                id,
                decision.listener(),
                decision.client(),
                decision.entry(),
                decision.claimedUser(),
                decision.target(),
                decision.verdict(),
                decision.hint());
    }

    static Decision decision(String id, String target) {
        return decision(id, target, EgressPolicy.Mode.ENFORCE);
    }

    static Decision decision(String id, String target, EgressPolicy.Mode mode) {
        Verdict verdict = policy(mode)
                .decide(new Client(CLIENT), ConnectTarget.parse(target))
                .verdict();
        return decision(id, Optional.of(AskedTarget.of(target, true)), verdict, Optional.empty());
    }

    static Decision refused(Refusal refusal) {
        return decision("r", Optional.empty(), new Verdict.Refused(refusal), Optional.of("What is known."));
    }

    static Decision decision(String id, Optional<AskedTarget> target, Verdict verdict, Optional<String> hint) {
        return new Decision(
                TIME,
                id,
                "127.0.0.1:3128",
                new Client(CLIENT),
                Optional.empty(),
                Optional.empty(),
                target,
                verdict,
                hint);
    }

    /** A permitted request of a client with a user, a certificate or other known facts. */
    static Decision asked(Client client, Optional<String> entry) {
        Decision decision = permitted("a1");
        return new Decision(
                decision.time(),
                decision.id(),
                decision.listener(),
                client,
                entry,
                Optional.empty(),
                decision.target(),
                decision.verdict(),
                decision.hint());
    }

    /** Refused, for its password was wrong. */
    static Decision claiming(String user) {
        Decision decision = refused(Refusal.CREDENTIALS_INVALID);
        return new Decision(
                decision.time(),
                decision.id(),
                decision.listener(),
                decision.client(),
                decision.entry(),
                Optional.of(user),
                decision.target(),
                decision.verdict(),
                decision.hint());
    }

    static Client client(Optional<InetSocketAddress> peer, Optional<String> user, String... certificateNames) {
        return new Client(CLIENT, peer, user, List.of(certificateNames));
    }

    /** Went through a parent proxy. */
    static TunnelEnd through(Outcome outcome, AuditRecord.Via via) {
        TunnelEnd end = end(outcome);
        return new TunnelEnd(
                end.time(),
                end.id(),
                end.requester(),
                end.target(),
                end.rule(),
                outcome,
                Optional.of(new Upstream(address("10.0.0.99", 3128), Optional.of(via))),
                end.hello(),
                end.handshake(),
                end.bytesUp(),
                end.bytesDown(),
                end.dns(),
                end.connect(),
                end.duration(),
                end.hint());
    }

    /** All possible facts about a client and a parent proxy, with hostile texts. */
    static Stream<AuditRecord> ofClientsAndParents() {
        String nasty = "\r\n\u001b[2J\u0000\u2028\u202e\u00e9\ud83d\ude00\ud800\"\\";
        Optional<InetSocketAddress> peer = Optional.of(address("10.0.0.10", 40000));
        Optional<InetSocketAddress> peer6 = Optional.of(address("fd00::10", 40000));
        return Stream.of(
                asked(client(Optional.empty(), Optional.of("dp-payments")), Optional.of("payments")),
                asked(client(peer, Optional.empty()), Optional.empty()),
                asked(client(peer6, Optional.of("dp-payments"), "dp.corp", "10.0.0.7"), Optional.of("payments")),
                asked(client(Optional.empty(), Optional.of(nasty), nasty), Optional.of("a b")),
                asked(client(peer, Optional.of("u".repeat(600)), "c".repeat(600)), Optional.of("e".repeat(600))),
                asked(client(peer, Optional.of(nasty.repeat(99)), nasty.repeat(99)), Optional.empty()),
                ended(
                        client(peer6, Optional.of(nasty.repeat(99)), nasty.repeat(99), "second"),
                        Optional.of("payments"),
                        EgressPolicy.Mode.ENFORCE,
                        "kong.mirror.corp:443"),
                ended(new Client(CLIENT), Optional.empty(), EgressPolicy.Mode.REPORT_ONLY, "evil.com:443"),
                through(
                        Outcome.Closed.IDLE,
                        new AuditRecord.Via("http://proxy.corp:3128", "203.0.113.9:443", NO_STATUS)),
                through(
                        new Outcome.Failed(Refusal.PARENT_REFUSED),
                        new AuditRecord.Via("https://[fd00::99]:3128", "us.api.konghq.com:443", OptionalInt.of(407))),
                through(
                        new Outcome.Failed(Refusal.PARENT_REFUSED),
                        new AuditRecord.Via(nasty.repeat(99), "a".repeat(600), OptionalInt.of(999))));
    }

    static TunnelEnd end(Outcome outcome) {
        return new TunnelEnd(
                TIME,
                "a1",
                new Requester("127.0.0.1:3128", new Client(CLIENT), Optional.empty()),
                "us.api.konghq.com:443",
                rule(EgressPolicy.Mode.ENFORCE, "cloud.konghq.com:443"),
                outcome,
                Optional.of(new Upstream(address("203.0.113.9", 443), Optional.empty())),
                Optional.of(new Hello(
                        Optional.of("us.api.konghq.com"),
                        List.of("h2", "http/1.1"),
                        false,
                        List.of("TLSv1.3"),
                        false,
                        true)),
                new Handshake(Handshake.HandshakeEnd.COMPLETED, Optional.empty()),
                1,
                2,
                Optional.of(Duration.ofMillis(3)),
                Optional.of(Duration.ofMillis(4)),
                Duration.ofMillis(5),
                Optional.empty());
    }

    /** A tunnel that never came about. */
    static TunnelEnd failed(Refusal refusal) {
        return new TunnelEnd(
                TIME,
                "a1",
                new Requester("127.0.0.1:3128", new Client(CLIENT), Optional.empty()),
                "us.api.konghq.com:443",
                rule(EgressPolicy.Mode.ENFORCE, "cloud.konghq.com:443"),
                new Outcome.Failed(refusal),
                Optional.empty(),
                Optional.empty(),
                Handshake.UNFINISHED,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                Optional.of("What is known."));
    }

    /** Whose handshake came to this. */
    static TunnelEnd shaken(Handshake handshake) {
        TunnelEnd end = end(Outcome.Closed.CLIENT_CLOSED);
        return new TunnelEnd(
                end.time(),
                end.id(),
                end.requester(),
                end.target(),
                end.rule(),
                end.outcome(),
                end.upstream(),
                end.hello(),
                handshake,
                end.bytesUp(),
                end.bytesDown(),
                end.dns(),
                end.connect(),
                end.duration(),
                end.hint());
    }

    static TunnelEnd greeted(Hello hello) {
        TunnelEnd end = end(Outcome.Closed.CLIENT_CLOSED);
        return new TunnelEnd(
                end.time(),
                end.id(),
                end.requester(),
                end.target(),
                end.rule(),
                end.outcome(),
                end.upstream(),
                Optional.of(hello),
                end.handshake(),
                0,
                0,
                end.dns(),
                end.connect(),
                end.duration(),
                end.hint());
    }

    /** Permitted by a rule that permits nothing; no policy gives such a verdict. */
    static Decision impossible() {
        Verdict reported =
                decision("a1", "evil.com:443", EgressPolicy.Mode.REPORT_ONLY).verdict();
        Verdict permitted = new Verdict.Permitted(((Verdict.Unenforced) reported).permit());
        return decision("a1", Optional.empty(), permitted, Optional.empty());
    }

    static AuditRecord lifecycle(Lifecycle.Phase phase) {
        return new Lifecycle(TIME, phase);
    }

    static AuditRecord notStarted() {
        return new AuditRecord.NotStarted(
                TIME, "The address 0.0.0.0:3128 cannot be listened on: address already in use." + "x".repeat(600));
    }

    static AuditRecord start() {
        return new AuditRecord.Start(TIME, "1.2.3", "proxy-1");
    }

    static AuditRecord.Configured configured(Occasion occasion, Instant time) {
        return new AuditRecord.Configured(
                time,
                occasion,
                "proxy-1",
                DIGEST,
                configured(occasion, Optional.empty()).policy(),
                Optional.empty());
    }

    static AuditRecord.Configured configured(Occasion occasion, Optional<List<PolicySettings.Change>> changes) {
        Map<String, List<String>> settings = new LinkedHashMap<>();
        for (String key : List.of(
                "mode", "regions", "purposes", "control_planes", "extra_hosts", "permit_addresses", "hosts", "audit")) {
            settings.put(key, List.of("a " + key));
        }
        return new AuditRecord.Configured(TIME, occasion, "proxy-1", DIGEST, new PolicySettings(settings), changes);
    }

    static AuditRecord gap() {
        return new AuditRecord.Gap(TIME, 3, TIME, TIME.plusSeconds(9), "no space left on device", false);
    }

    /** Refusals that are summed up: of an address, of a network, and of clients that are too many, each reason there is. */
    static Stream<AuditRecord> summedUp() {
        Map<Refusal, Long> reasons = new EnumMap<>(Refusal.class);
        for (Refusal refusal : Refusal.values()) {
            reasons.put(refusal, 9_999_999L);
        }
        Optional<String> listener = Optional.of("[2001:db8:1111:2222:3333:4444:5555:6666]:65535");
        return Stream.of(
                summedUp(Optional.of(new CountedClient(CLIENT.getAddress(), false)), Optional.of("127.0.0.1:3128")),
                new Refusals(
                        TIME,
                        Optional.of(new CountedClient(
                                address("2001:db8:1111:2222::", 0).getAddress(), true)),
                        listener,
                        reasons,
                        TIME,
                        TIME),
                new Refusals(TIME, Optional.empty(), Optional.empty(), reasons, TIME, TIME));
    }

    static Refusals summedUp(Optional<CountedClient> client, Optional<String> listener) {
        return new Refusals(
                TIME,
                client,
                listener,
                Map.of(Refusal.HOST_NOT_KONNECT, 940L, Refusal.IP_LITERAL, 2L),
                TIME.minusSeconds(57),
                TIME.minusSeconds(1));
    }

    /** What the trail says of itself and of the proxy. */
    static Stream<AuditRecord> ofTheTrail() {
        PolicySettings.Change change = new PolicySettings.Change("regions", List.of("eu"), List.of("us"));
        return Stream.of(
                start(),
                configured(Occasion.START, Optional.empty()),
                configured(Occasion.START, Optional.of(List.of(change))),
                configured(Occasion.SEGMENT, Optional.of(List.of())),
                configured(Occasion.RELOAD, Optional.of(List.of(change))),
                new AuditRecord.ReloadRefused(TIME, List.of("config.yaml:3: 'regions': 'uss' is no region.")),
                new AuditRecord.ReloadRefused(TIME, Collections.nCopies(30, "\u0000".repeat(600))),
                gap(),
                new AuditRecord.Gap(TIME, 3, TIME, TIME, "x".repeat(600), true),
                new AuditRecord.SetAside(TIME, "audit.jsonl.torn-20261122T180000Z", 17, "the last line has no end"),
                new AuditRecord.Removed(TIME, "audit-20261122-000000000001.jsonl", "audit.rotate.keep is 3"),
                new AuditRecord.Clock(
                        TIME, AuditRecord.Clock.Moment.RUNNING, TIME.minusSeconds(86_400), TIME.minusSeconds(86_400)),
                new AuditRecord.Clock(TIME, AuditRecord.Clock.Moment.REPEATED, TIME, TIME.plusSeconds(900)),
                new AuditRecord.Unmirrored(TIME, "syslog+tls://logs.corp:6514", 5, TIME, TIME, "connection refused"));
    }

    /** The record's own fields, as line 7. */
    static String line(AuditRecord record) {
        LineBuffer buffer = new LineBuffer();
        AuditLine.append(TRAIL, 7, record, buffer);
        return buffer.text(0, buffer.size()) + "\n";
    }

    /** The whole line, as the first one of a trail. */
    static String bound(AuditRecord record) {
        Batch batch = new Batch(BEGIN);
        batch.add(new Journal.Waiting(record), record);
        return batch.text(batch.lines().get(0)) + "\n";
    }

    /** The rule by which a request to this target was permitted, or by which it is only reported. */
    private static Rule rule(EgressPolicy.Mode mode, String target) {
        Verdict verdict = decision("a1", target, mode).verdict();
        return verdict instanceof Verdict.Unenforced reported
                ? reported.permit().rule()
                : ((Verdict.Permitted) verdict).permit().rule();
    }

    /** The end of a tunnel with all there is to know about its client. */
    static TunnelEnd ended(Client client, Optional<String> entry, EgressPolicy.Mode mode, String target) {
        TunnelEnd end = end(Outcome.Closed.POLICY_CHANGED);
        return new TunnelEnd(
                end.time(),
                end.id(),
                new Requester("127.0.0.1:3128", client, entry),
                end.target(),
                rule(mode, target),
                end.outcome(),
                end.upstream(),
                end.hello(),
                end.handshake(),
                end.bytesUp(),
                end.bytesDown(),
                end.dns(),
                end.connect(),
                end.duration(),
                end.hint());
    }

    private static EgressPolicy policy(EgressPolicy.Mode mode) {
        KonnectCatalog catalog = new KonnectCatalog(
                List.of(
                        host("cloud.konghq.com", "platform", Optional.empty()),
                        host("{control-plane}.{region}.cp0.konghq.com", "data-plane", Optional.of(US)),
                        host("{region}.api.konghq.com", "api", Optional.of(new Region("eu")))),
                Set.of());
        ExtraHost mirror = new ExtraHost("mirror", HostName.of("kong.mirror.corp"), Set.of());
        return new EgressPolicy(
                catalog,
                new EgressPolicy.Rules(
                        Set.of(US),
                        Set.of(new Purpose("platform"), new Purpose("data-plane")),
                        Set.of(),
                        List.of(mirror),
                        mode),
                EgressPolicy.Clients.none());
    }

    private static KonnectHost host(String pattern, String purpose, Optional<Region> region) {
        return new KonnectHost(HostPattern.parse(pattern), new Purpose(purpose), region);
    }

    static InetSocketAddress address(String literal, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(literal), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
