package io.konnectproxy.report;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.trail.event.Ending;
import io.konnectproxy.trail.event.TrailEvent.Decision;
import io.konnectproxy.trail.event.TrailEvent.Place;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import io.konnectproxy.trail.event.TrailEvent.Refusals;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import io.konnectproxy.trail.event.TrailEvent.TunnelEnd;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Clients that were refused, or whose tunnels came to nothing, again and again. */
final class TurnedAway {
    /** What stands for all hosts that are not Konnect's: an attacker tries many. */
    static final String OTHER_HOSTS = "(hosts that are not Konnect's)";

    /** What stands for hosts of Konnect of which each is refused once: an attacker tries these too. */
    static final String VARIOUS = "(various hosts of Konnect)";

    static final String WRONG_PASSWORD = Refusal.CREDENTIALS_INVALID.token();

    /** These are findings of their own, or are nobody's fault. */
    private static final Set<String> ELSEWHERE = Set.of(
            WRONG_PASSWORD,
            Refusal.DRAINING.token(),
            Refusal.ADDRESS_FORBIDDEN.token(),
            Refusal.SNI_MISMATCH.token(),
            Refusal.HELLO_CHANGED.token());

    private static final int CLIENTS = 2_000;
    private static final int NAMES = 5;

    private final Persistence<RepeatedRequest> refused = new Persistence<>();
    private final Persistence<String> passwords = new Persistence<>();
    private final Map<String, Set<String>> claimed = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
            return size() > CLIENTS;
        }
    };

    void count(Decision decision, Place place, ReportedTrail trail) {
        RecordedClient client = decision.client();
        if (decision.judgement() != Ruling.REFUSED) {
            return;
        }
        if (decision.reason().equals(WRONG_PASSWORD)) {
            String network = NetworkName.of(client.address());
            passwords.count(network, decision.time(), 1, tally -> count(tally, decision, trail));
            client.claimedUser().ifPresent(name -> claimed(network, name));
        } else if (!ELSEWHERE.contains(decision.reason())
                && !decision.target().map(InternalTarget::is).orElse(false)) {
            count(client, place, decision.reason(), decision.time(), tally -> count(tally, decision, trail));
        }
    }

    private static void count(Tally tally, Decision decision, ReportedTrail trail) {
        tally.count(decision.judgement(), decision.time());
        tally.hint(decision.hint());
        tally.at(trail);
    }

    private void count(RecordedClient client, Place place, String result, long time, Consumer<Tally> counting) {
        String name = NetworkName.of(client);
        if (refused.count(new RepeatedRequest(name, named(place), result), time, 1, counting)) {
            refused.count(new RepeatedRequest(name, VARIOUS, result), time, 1, counting);
        }
    }

    private void claimed(String address, String name) {
        Set<String> names = claimed.computeIfAbsent(address, any -> new TreeSet<>());
        if (names.size() <= NAMES) {
            names.add(name);
        }
    }

    /** {@code control plane 0646a7d680 in us}, {@code api in us}. */
    private static String named(Place place) {
        Optional<String> name =
                place.controlPlane().map(label -> "control plane " + label).or(place::purpose);
        return name.map(text ->
                        text + place.region().map(region -> " in " + region).orElse(""))
                .orElse(OTHER_HOSTS);
    }

    void count(Refusals refusals, ReportedTrail trail) {
        String client = refusals.client().orElse(Traffic.MANY_CLIENTS);
        refusals.reasons().forEach((reason, count) -> {
            if (reason.equals(WRONG_PASSWORD)) {
                passwords.count(client, refusals.last(), count, tally -> count(tally, count, refusals, trail));
            } else if (!ELSEWHERE.contains(reason) && !InternalTarget.isAddress(reason)) {
                refused.count(
                        new RepeatedRequest(client, RepeatedRequest.SUMMED_UP, reason),
                        refusals.last(),
                        count,
                        tally -> count(tally, count, refusals, trail));
            }
        });
    }

    private static void count(Tally tally, long count, Refusals refusals, ReportedTrail trail) {
        tally.countRefused(count, refusals);
        tally.at(trail);
    }

    /** A permitted request that came to nothing. */
    void count(TunnelEnd end, Optional<OpenTunnels.Request> request, ReportedTrail trail) {
        if (Ending.of(end.outcome()).wasOpen() || ELSEWHERE.contains(end.outcome())) {
            return;
        }
        Optional<RecordedClient> client =
                request.map(asked -> asked.decision().client()).or(end::client);
        Place place = request.map(OpenTunnels.Request::place).orElse(end.place());
        client.ifPresent(known -> count(known, place, end.outcome(), end.time(), tally -> {
            tally.count(end);
            tally.hint(end.hint());
            tally.at(trail);
        }));
    }

    /** By client, place and reason or outcome. */
    Ranking<RepeatedRequest> refused() {
        return refused.found();
    }

    /** By the client's address, or IPv6 /64. */
    Ranking<String> passwords() {
        return passwords.found();
    }

    /** Whether a client claimed to be more than one user. */
    boolean claimsMany(String address) {
        return claimed.getOrDefault(address, Set.of()).size() > 1;
    }

    /** {@code the user alice}, {@code 3 users: alice, bob, carol}. */
    String claimed(String address) {
        Set<String> names = claimed.getOrDefault(address, Set.of());
        if (names.size() > NAMES) {
            return "more than " + NAMES + " users, such as "
                    + names.stream().limit(2).collect(Collectors.joining(" and "));
        }
        return switch (names.size()) {
            case 0 -> "no recorded user";
            case 1 -> "the user " + names.iterator().next();
            default -> names.size() + " users: " + String.join(", ", names);
        };
    }
}
