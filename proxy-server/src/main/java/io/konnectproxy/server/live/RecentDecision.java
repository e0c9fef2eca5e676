package io.konnectproxy.server.live;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.audit.AuditRecord.Decision;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.policy.Verdict.Unenforced;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A decision that was recorded, as far as it is shown. Its texts are as long as the audit line shows them at most: a client decides how
 * long its names and its target are.
 *
 * @param number counts decisions from 0 on
 */
record RecentDecision(
        long number,
        Instant time,
        String id,
        InetAddress client,
        @Nullable String user,
        String listener,
        @Nullable String target,
        Verdict verdict,
        @Nullable String hint) {
    static RecentDecision of(long number, Decision decision) {
        return new RecentDecision(
                number,
                decision.time(),
                decision.id(),
                decision.client().address().getAddress(),
                MeasuredTunnel.user(decision.client()).map(ShownText::name).orElse(null),
                decision.listener(),
                decision.target().map(AskedTarget::text).orElse(null),
                decision.verdict(),
                decision.hint().map(ShownText::sentences).orElse(null));
    }

    DecisionsEvent.Shown shown() {
        Optional<Refused> refused = verdict instanceof Refused enforced
                ? Optional.of(enforced)
                : verdict instanceof Unenforced unenforced ? Optional.of(unenforced.refused()) : Optional.empty();
        return new DecisionsEvent.Shown(
                time,
                Optional.empty(),
                id,
                AddressText.of(client),
                Optional.ofNullable(user),
                listener,
                Optional.ofNullable(target),
                verdict instanceof Permitted ? "permitted" : verdict instanceof Unenforced ? "unenforced" : "refused",
                verdict instanceof Permitted permitted
                        ? permitted.permit().rule().reason()
                        : refused.orElseThrow().refusal().token(),
                refused.map(each -> each.refusal().sentence()),
                Optional.ofNullable(hint).or(() -> refused.map(Refused::remedy)));
    }
}
