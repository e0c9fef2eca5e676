package io.konnectproxy.report;

import io.konnectproxy.trail.event.Ending;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Decision;
import io.konnectproxy.trail.event.TrailEvent.Place;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import io.konnectproxy.trail.event.TrailEvent.Refusals;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import io.konnectproxy.trail.event.TrailEvent.TunnelEnd;
import java.util.Optional;
import java.util.stream.Stream;

/** Requests and tunnels of the period, by everything they are asked about. */
public final class Traffic {
    public static final String NONE = "(none)";
    /** A tunnel whose decision is not among the lines that were read, and whose own line is of version 1. */
    public static final String DECISION_MISSING = "(decision not read)";
    /** Refusals of clients that were too many to be told apart. */
    static final String MANY_CLIENTS = "(too many clients)";

    private final boolean several;
    private final Tally total = new Tally();
    private final Ranking<String> purposes = new Ranking<>();
    private final Ranking<String> regions = new Ranking<>();
    private final Ranking<String> controlPlanes = new Ranking<>();
    private final Ranking<String> clients = new Ranking<>();
    private final Ranking<String> users = new Ranking<>();
    private final Ranking<String> certificates = new Ranking<>();
    private final Ranking<String> entries = new Ranking<>();
    private final Ranking<String> peers = new Ranking<>();
    private final Ranking<String> parents = new Ranking<>();
    private final Ranking<String> parentAnswers = new Ranking<>();
    private final Ranking<String> targets = new Ranking<>(InternalTarget::is);
    private final Ranking<String> reasons = new Ranking<>();
    private final Ranking<RepeatedRequest> refusals = new Ranking<>(InternalTarget::is);
    private final Ranking<RepeatedRequest> letThrough = new Ranking<>(InternalTarget::is);
    private final Ranking<RepeatedRequest> failures = new Ranking<>(InternalTarget::is);
    private final Ranking<RepeatedRequest> handshakes = new Ranking<>();
    private final Ranking<String> outcomes = new Ranking<>();
    private final Ranking<String> tlsVersions = new Ranking<>();
    private final UserOfClient userOfClient = new UserOfClient();
    private final TimeLine timeLine = new TimeLine();
    private long summedUp;
    private long ech;
    private long resumes;
    private long withoutHello;
    private long withoutDecision;

    /** @param several whether it is of several trails, which may know a client by different addresses */
    Traffic(boolean several) {
        this.several = several;
    }

    /** The one name of a client in all trails: its user, or its entry of the configuration, else its address. */
    private String nameOf(RecordedClient client) {
        return several ? client.user().or(client::entry).orElse(client.address()) : client.address();
    }

    void count(Decision decision, Place place, ReportedTrail trail) {
        trail.tally().count(decision.judgement(), decision.time());
        total.count(decision.judgement(), decision.time());
        timeLine.count(decision);
        count(purposes, place.purpose(), decision);
        count(regions, place.region(), decision);
        count(controlPlanes, place.controlPlane(), decision).at(trail);
        count(clients, Optional.of(nameOf(decision.client())), decision).at(trail);
        count(users, decision.client().user(), decision).at(trail);
        userOfClient.seen(decision.client());
        count(certificates, decision.client().certificate(), decision);
        count(entries, decision.client().entry(), decision).at(trail);
        count(peers, decision.client().peer(), decision);
        String target = RepeatedRequest.named(decision.targetOfTunnel());
        count(targets, Optional.of(target), decision).at(trail);
        if (decision.judgement() != Ruling.PERMITTED) {
            count(reasons, Optional.of(decision.reason()), decision);
            RepeatedRequest attempt = new RepeatedRequest(decision.client().name(), target, decision.reason());
            Tally tally = (decision.judgement() == Ruling.REFUSED ? refusals : letThrough).of(attempt);
            tally.count(decision.judgement(), decision.time());
            tally.hint(decision.hint());
            tally.at(trail);
        }
    }

    void count(Refusals refusals, ReportedTrail trail) {
        trail.tally().countRefused(refusals.count(), refusals);
        summedUp = Tally.sum(summedUp, refusals.count());
        total.countRefused(refusals.count(), refusals);
        timeLine.count(refusals);
        String client = refusals.client().orElse(MANY_CLIENTS);
        countRefused(clients.of(client), refusals.count(), refusals, trail);
        // A sum does not say more; without it the tables would not add up.
        Stream.of(purposes, regions, controlPlanes, users, certificates, entries, peers, targets)
                .forEach(ranking -> ranking.of(RepeatedRequest.SUMMED_UP).countRefused(refusals.count(), refusals));
        refusals.reasons().forEach((reason, count) -> {
            reasons.of(reason).countRefused(count, refusals);
            RepeatedRequest repeated = new RepeatedRequest(client, RepeatedRequest.SUMMED_UP, reason);
            countRefused(this.refusals.of(repeated), count, refusals, trail);
        });
    }

    private static void countRefused(Tally tally, long count, Refusals refusals, ReportedTrail trail) {
        tally.countRefused(count, refusals);
        tally.at(trail);
    }

    private static Tally count(Ranking<String> ranking, Optional<String> key, Decision decision) {
        Tally tally = ranking.of(key.orElse(NONE));
        tally.count(decision.judgement(), decision.time());
        return tally;
    }

    void count(TunnelEnd end, Optional<OpenTunnels.Request> request, ReportedTrail trail) {
        trail.tally().count(end);
        total.count(end);
        Optional<Decision> decision = request.map(OpenTunnels.Request::decision);
        if (request.isEmpty()) {
            withoutDecision++;
        }
        // A line of version 2 repeats what a decision says that was not read.
        Optional<RecordedClient> known = decision.map(Decision::client).or(end::client);
        Optional<Place> place =
                request.map(OpenTunnels.Request::place).or(() -> end.client().map(any -> end.place()));
        count(purposes, place.map(found -> found.purpose().orElse(NONE)), end);
        count(regions, place.map(found -> found.region().orElse(NONE)), end);
        count(controlPlanes, place.map(found -> found.controlPlane().orElse(NONE)), end)
                .at(trail);
        count(clients, known.map(this::nameOf), end).at(trail);
        count(users, known.map(found -> found.user().orElse(NONE)), end).at(trail);
        count(certificates, known.map(found -> found.certificate().orElse(NONE)), end);
        count(entries, known.map(found -> found.entry().orElse(NONE)), end).at(trail);
        count(peers, known.map(found -> found.peer().orElse(NONE)), end);
        countParent(end, decision);
        // As the decision spells it, so that it is one row.
        count(targets, Optional.of(decision.flatMap(Decision::targetOfTunnel).orElse(end.target())), end)
                .at(trail);
        outcomes.of(end.outcome()).count(end);
        String client = known.map(RecordedClient::name).orElse(DECISION_MISSING);
        if (Ending.of(end.outcome()).wasOpen()) {
            end.hello()
                    .flatMap(TrailEvent.Hello::brokenHandshake)
                    .ifPresent(how -> count(handshakes, new RepeatedRequest(client, end.target(), how), end, trail));
        } else {
            count(failures, new RepeatedRequest(client, end.target(), end.outcome()), end, trail);
        }
        countHello(end);
    }

    private static void count(
            Ranking<RepeatedRequest> ranking, RepeatedRequest request, TunnelEnd end, ReportedTrail trail) {
        Tally tally = ranking.of(request);
        tally.count(end);
        tally.hint(end.hint());
        tally.at(trail);
    }

    /** A decision does not know yet where its tunnel goes through. */
    private void countParent(TunnelEnd end, Optional<Decision> decision) {
        Optional<String> parent = end.via().map(TrailEvent.Via::parent);
        decision.ifPresent(found -> count(parents, parent, found));
        count(parents, Optional.of(parent.orElse(NONE)), end);
        end.via()
                .ifPresent(via -> via.status()
                        .ifPresent(status -> parentAnswers
                                .of(via.parent() + ", status " + status)
                                .count(end)));
    }

    private static Tally count(Ranking<String> ranking, Optional<String> key, TunnelEnd end) {
        Tally tally = ranking.of(key.orElse(DECISION_MISSING));
        tally.count(end);
        return tally;
    }

    private void countHello(TunnelEnd end) {
        end.hello()
                .ifPresentOrElse(
                        hello -> {
                            tlsVersions
                                    .of(hello.versions().isEmpty() ? NONE : hello.versions())
                                    .count(end);
                            ech += hello.ech() ? 1 : 0;
                            resumes += hello.resumes() ? 1 : 0;
                        },
                        () -> withoutHello++);
    }

    public Tally total() {
        return total;
    }

    public Ranking<String> purposes() {
        return purposes;
    }

    public Ranking<String> regions() {
        return regions;
    }

    public Ranking<String> controlPlanes() {
        return controlPlanes;
    }

    public Ranking<String> clients() {
        return clients;
    }

    public Ranking<String> users() {
        return users;
    }

    public UserOfClient userOfClient() {
        return userOfClient;
    }

    /** By the first name of the client's certificate. */
    public Ranking<String> certificates() {
        return certificates;
    }

    /** By the entry of {@code clients}. */
    public Ranking<String> entries() {
        return entries;
    }

    /** By who connected in the client's place. */
    public Ranking<String> peers() {
        return peers;
    }

    /** Tunnels by the parent proxy that was asked. */
    public Ranking<String> parents() {
        return parents;
    }

    /** Tunnels that a parent proxy refused, by parent and status. */
    public Ranking<String> parentAnswers() {
        return parentAnswers;
    }

    public Ranking<String> targets() {
        return targets;
    }

    /** Of refusals, let through or not. */
    public Ranking<String> reasons() {
        return reasons;
    }

    public Ranking<RepeatedRequest> refusals() {
        return refusals;
    }

    public Ranking<RepeatedRequest> letThrough() {
        return letThrough;
    }

    /** Tunnels that were permitted and still never came about, or were cut. */
    public Ranking<RepeatedRequest> failures() {
        return failures;
    }

    /** Names that were permitted and led to an address that was not: refusals, though a tunnel's line has them. */
    public Ranking<RepeatedRequest> forbiddenAddresses() {
        return failures.only(request -> InternalTarget.isForbiddenAddress(request.result()));
    }

    /** The failures that are no refusals of an address. */
    public Ranking<RepeatedRequest> failedTunnels() {
        return failures.without(request -> InternalTarget.isForbiddenAddress(request.result()));
    }

    /** The outcomes that are no refusals of an address. */
    public Ranking<String> tunnelOutcomes() {
        return outcomes.without(InternalTarget::isForbiddenAddress);
    }

    /** Open tunnels whose TLS handshake came to nothing. */
    public Ranking<RepeatedRequest> handshakes() {
        return handshakes;
    }

    public Ranking<String> outcomes() {
        return outcomes;
    }

    /** What ClientHellos offered. */
    public Ranking<String> tlsVersions() {
        return tlsVersions;
    }

    public TimeLine timeLine() {
        return timeLine;
    }

    /** Refusals that have no line of their own. */
    public long summedUp() {
        return summedUp;
    }

    /** Tunnels whose ClientHello offered Encrypted ClientHello. */
    public long ech() {
        return ech;
    }

    public long resumes() {
        return resumes;
    }

    public long withoutHello() {
        return withoutHello;
    }

    /** Tunnels whose decision was not read. */
    public long withoutDecision() {
        return withoutDecision;
    }
}
