package io.konnectproxy.trail.event;

import static io.konnectproxy.trail.event.EventFields.required;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of {@code refusals}. */
final class RefusalsFields implements EventFields {
    private final Members members;
    private final Map<String, Long> reasons = new LinkedHashMap<>();
    private Optional<String> client = Optional.empty();
    private Optional<String> listener = Optional.empty();
    private @Nullable Long count;
    private @Nullable Long first;
    private @Nullable Long last;

    RefusalsFields(Members members) {
        this.members = members;
    }

    @Override
    public boolean take(String name) throws UnreadableLineException {
        switch (name) {
            case "client" -> members.object("refusals.client", this::client);
            case "count" -> count = members.count();
            case "reasons" -> members.object("refusals.reasons", this::reason);
            case "first" -> first = members.time();
            case "last" -> last = members.time();
            case "listener" -> listener = members.optionalText();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean client(String name) throws UnreadableLineException {
        if (!name.equals("address") && !name.equals("network")) {
            return false;
        }
        client = Optional.of(members.text());
        return true;
    }

    private boolean reason(String name) throws UnreadableLineException {
        reasons.put(Printable.of(name), members.count());
        return true;
    }

    @Override
    public TrailEvent event(long time) throws UnreadableLineException {
        BigInteger all = reasons.values().stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
        if (!all.equals(BigInteger.valueOf(required(count, "count")))) {
            throw new UnreadableLineException("its 'count' is not what its 'reasons' add up to");
        }
        return new TrailEvent.Refusals(
                time,
                client,
                listener,
                required(count, "count"),
                reasons,
                required(first, "first"),
                required(last, "last"));
    }
}
