package io.konnectproxy.suggest;

import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.trail.event.Ending;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Reads a trail for a suggestion, line by line in its order. It decides what justifies a rule: a request for a host of Konnect
 * on port 443 that the policy permitted or report-only let through, and whose tunnel carried bytes back. A refusal justifies
 * nothing, and neither does a tunnel that failed. Its memory does not grow with the trail. Not thread-safe.
 */
public final class SuggestionBuilder {
    /** Rows that are listed; all are counted. */
    static final int LISTED = 50;

    private final KonnectCatalog catalog;
    private final long since;
    private final EventReader reader = new EventReader();
    private final ClientRecords records;
    private final OpenRequests open = new OpenRequests();
    private final Doubts doubts = new Doubts();
    private long requests;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    /** What rules can express. */
    public interface Expressible {
        /** Whether an entry can be for a user or a certificate of this name. */
        boolean client(Match match);

        boolean pin(TenantLabel label);
    }

    /**
     * @param catalog the hosts of Konnect; nothing else is ever suggested
     * @param since what ended before justifies nothing; empty for the whole trail
     */
    public SuggestionBuilder(KonnectCatalog catalog, Expressible expressible, Optional<Instant> since) {
        this.catalog = catalog;
        this.records = new ClientRecords(catalog, expressible, doubts);
        this.since = since.map(Micros::of).orElse(Long.MIN_VALUE);
    }

    /**
     * Reads a line.
     *
     * @param end the offset after the line's last byte, without the line feed
     * @param where the file and number of the line
     */
    public void line(byte[] bytes, int from, int end, String where) {
        try {
            EventReader.EventLine line = reader.read(bytes, from, end);
            String trail = line.trail().orElse("");
            doubts.number(trail, line.seq());
            take(trail, line.event());
            open.at(trail, line.event().time());
        } catch (UnreadableLineException e) {
            doubts.unreadableLine(where + ": " + e.getMessage());
        }
    }

    /** Adds that a file was not read to its end, in a sentence. */
    public void unread(String sentence) {
        doubts.file(sentence);
    }

    private void take(String trail, TrailEvent event) {
        boolean within = event.time() >= since;
        if (within) {
            first = Math.min(first, event.time());
            last = Math.max(last, event.time());
        }
        if (event instanceof TrailEvent.Decision decision) {
            requests += within ? 1 : 0;
            decision(trail, decision, within);
        } else if (event instanceof TrailEvent.TunnelEnd end) {
            ended(end, open.end(end.id()), within);
        } else if (event instanceof TrailEvent.Start || event instanceof TrailEvent.NotStarted) {
            // The process before wrote no end of them.
            open.abandoned(trail).forEach(this::stillOpen);
        } else if (event instanceof TrailEvent.Refusals refusals && refusals.last() >= since) {
            requests += refusals.count();
            records.summedUp(refusals);
        } else if (event instanceof TrailEvent.Gap gap && gap.until() >= since) {
            doubts.lost(gap.lost());
        }
    }

    private void decision(String trail, TrailEvent.Decision decision, boolean within) {
        if (decision.judgement() == Ruling.REFUSED) {
            if (within) {
                records.attempted(
                        decision.client(),
                        decision.target().orElse("(no target)"),
                        WhyNot.REFUSED,
                        decision.reason(),
                        decision.time());
            }
        } else if (!open.begin(trail, decision)) {
            doubts.withoutRoom();
        }
    }

    private void ended(TrailEvent.TunnelEnd end, Optional<TrailEvent.Decision> decision, boolean within) {
        if (!within) {
            return;
        }
        Optional<TrailEvent.RecordedClient> client =
                decision.map(TrailEvent.Decision::client).or(end::client);
        if (client.isEmpty()) {
            doubts.withoutDecision();
        } else if (isOfExtraHost(end.place())
                || decision.filter(found -> isOfExtraHost(found.place())).isPresent()) {
            records.other(client.get(), end.target(), WhyNot.EXTRA_HOST, end.outcome(), end.time());
        } else if (carriedBytes(end)) {
            records.used(client.get(), end.target(), howItCameIn(end, decision), end.time());
        } else {
            records.attempted(client.get(), end.target(), WhyNot.CARRIED_NOTHING, howItEnded(end), end.time());
        }
    }

    private static String howItCameIn(TrailEvent.TunnelEnd end, Optional<TrailEvent.Decision> decision) {
        return decision.filter(found -> found.judgement() == Ruling.LET_THROUGH)
                .map(TrailEvent.Decision::reason)
                .orElse(end.outcome());
    }

    /** An alert in the handshake carries bytes back too, but nobody could use that tunnel. */
    private static boolean carriedBytes(TrailEvent.TunnelEnd end) {
        return Ending.of(end.outcome()).wasOpen()
                && end.bytesDown() > 0
                && end.hello().flatMap(TrailEvent.Hello::brokenHandshake).isEmpty();
    }

    private static String howItEnded(TrailEvent.TunnelEnd end) {
        return Ending.of(end.outcome()).wasOpen()
                ? end.hello()
                        .flatMap(TrailEvent.Hello::brokenHandshake)
                        .map(how -> "TLS handshake " + how)
                        .orElse(end.outcome() + " without a byte from Konnect")
                : end.outcome();
    }

    /** A rule of extra-hosts, as the reader of the line says it. */
    private static boolean isOfExtraHost(TrailEvent.Place place) {
        return place.purpose()
                .filter(purpose -> purpose.startsWith("extra-host "))
                .isPresent();
    }

    /**
     * A tunnel without an end. All that can fail before bytes flow does so within a minute, so one that is older is in use. A
     * younger one says nothing yet.
     */
    private void stillOpen(OpenRequests.Abandoned request) {
        TrailEvent.Decision decision = request.decision();
        String target = decision.targetOfTunnel().orElse("(no target)");
        if (request.until() < since) {
            return;
        }
        if (isOfExtraHost(decision.place())) {
            records.other(decision.client(), target, WhyNot.EXTRA_HOST, "open", request.until());
        } else if (request.until() - decision.time() > Micros.MINUTE) {
            records.used(decision.client(), target, "open", request.until());
        } else {
            records.attempted(
                    decision.client(), target, WhyNot.CARRIED_NOTHING, "no end of it is recorded", request.until());
        }
    }

    /** The suggestion. The builder must not be used any more. */
    public Suggestion build() {
        open.all().forEach(this::stillOpen);
        Optional<SuggestedRules> rules = SmallestRules.of(catalog, records.clients(), records.isComplete());
        Optional<EgressPolicy> policy = rules.map(found -> found.policy(catalog));
        List<UnsuggestedRequest> refused = new ArrayList<>(records.others().toList());
        List<UnsuggestedRequest> along = new ArrayList<>();
        for (KnownClient client : records.clients()) {
            for (AskedHost host : client.hosts()) {
                if (!host.isJustified()) {
                    boolean permitted = policy.filter(host::mayBePermittedBy).isPresent();
                    (permitted ? along : refused).add(host.unsuggested(client.shown()));
                }
            }
        }
        return new Suggestion(
                requests,
                Optional.of(first).filter(time -> time != Long.MAX_VALUE),
                Optional.of(last).filter(time -> time != Long.MIN_VALUE),
                rules,
                listed(refused),
                refused.size(),
                listed(along),
                along.size(),
                doubts.sentences());
    }

    private static List<UnsuggestedRequest> listed(List<UnsuggestedRequest> all) {
        return all.stream()
                .sorted(Comparator.comparing(SuggestionBuilder::isForAddress)
                        .thenComparing(UnsuggestedRequest::count)
                        .reversed()
                        .thenComparing(UnsuggestedRequest::toString))
                .limit(LISTED)
                .toList();
    }

    private static boolean isForAddress(UnsuggestedRequest request) {
        return request.detail().equals(Refusal.IP_LITERAL.token())
                || request.detail().equals(Refusal.ADDRESS_FORBIDDEN.token());
    }
}
