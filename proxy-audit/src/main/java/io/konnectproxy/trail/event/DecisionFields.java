package io.konnectproxy.trail.event;

import static io.konnectproxy.trail.event.EventFields.required;

import io.konnectproxy.trail.event.TrailEvent.Ruling;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of a {@code decision}. */
final class DecisionFields implements EventFields {
    private final Members members;
    private final ClientFields client;
    private final RuleFields rule;
    private @Nullable String id;
    private Optional<String> listener = Optional.empty();
    private Optional<String> target = Optional.empty();
    private @Nullable String verdict;
    private @Nullable String reason;
    private boolean enforced = true;
    private Optional<String> hint = Optional.empty();

    DecisionFields(Members members) {
        this.members = members;
        this.client = new ClientFields("decision.client", members);
        this.rule = new RuleFields("decision.rule", members);
    }

    @Override
    public boolean take(String name) throws UnreadableLineException {
        switch (name) {
            case "id" -> id = members.text();
            case "client" -> client.read();
            case "target" -> target = members.optionalText();
            case "verdict" -> verdict = members.text();
            case "reason" -> reason = members.text();
            case "enforced" -> enforced = members.flag();
            case "rule" -> rule.read();
            case "hint" -> hint = members.optionalText();
            case "listener" -> listener = members.optionalText();
            case "truncated" -> members.skip();
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public TrailEvent event(long time) throws UnreadableLineException {
        Ruling ruling = ruling(required(verdict, "verdict"));
        return new TrailEvent.Decision(
                time,
                required(id, "id"),
                listener,
                client.client(),
                target,
                ruling,
                required(reason, "reason"),
                rule.place(target.orElse("")),
                rule.name(),
                hint);
    }

    private Ruling ruling(String verdict) throws UnreadableLineException {
        return switch (verdict) {
            case "permitted" -> Ruling.PERMITTED;
            case "refused" -> enforced ? Ruling.REFUSED : Ruling.LET_THROUGH;
            default -> throw new UnreadableLineException("its 'verdict' is neither permitted nor refused");
        };
    }
}
