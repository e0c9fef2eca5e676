package io.konnectproxy.trail.event;

import static io.konnectproxy.trail.event.EventFields.required;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.trail.event.TrailEvent.Place;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of a {@code decision}. */
final class DecisionFields implements EventFields {
    private final Members members;
    private @Nullable String id;
    private @Nullable String address;
    private Optional<String> user = Optional.empty();
    private Optional<String> claimedUser = Optional.empty();
    private Optional<String> certificate = Optional.empty();
    private Optional<String> entry = Optional.empty();
    private Optional<String> peer = Optional.empty();
    private Optional<String> target = Optional.empty();
    private @Nullable String verdict;
    private @Nullable String reason;
    private boolean enforced = true;
    private Optional<String> purpose = Optional.empty();
    private Optional<String> region = Optional.empty();
    private Optional<String> controlPlane = Optional.empty();
    private Optional<String> pattern = Optional.empty();
    private Optional<String> hint = Optional.empty();

    DecisionFields(Members members) {
        this.members = members;
    }

    @Override
    public boolean take(String name) throws UnreadableLineException {
        switch (name) {
            case "id" -> id = members.text();
            case "client" -> members.object("decision.client", this::client);
            case "target" -> target = members.optionalText();
            case "verdict" -> verdict = members.text();
            case "reason" -> reason = members.text();
            case "enforced" -> enforced = members.flag();
            case "rule" -> members.object("decision.rule", this::rule);
            case "hint" -> hint = members.optionalText();
            case "listener", "truncated" -> members.skip();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean client(String name) throws UnreadableLineException {
        switch (name) {
            case "address" -> address = members.text();
            case "user" -> user = members.optionalText();
            case "claimed_user" -> claimedUser = members.optionalText();
            case "certificate" -> certificate = members.optionalText();
            case "entry" -> entry = members.optionalText();
            case "peer" -> members.object("decision.client.peer", this::peer);
            case "port" -> members.skip();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean peer(String name) throws UnreadableLineException {
        switch (name) {
            case "address" -> peer = members.optionalText();
            case "port" -> members.skip();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean rule(String name) throws UnreadableLineException {
        switch (name) {
            case "purpose" -> purpose = members.optionalText();
            case "region" -> region = members.optionalText();
            case "control_plane" -> controlPlane = members.optionalText();
            case "extra_host" -> purpose = Optional.of("extra-host " + members.text());
            case "pattern" -> pattern = members.optionalText();
            case "host" -> members.skip();
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
                new RecordedClient(required(address, "client.address"), user, claimedUser, certificate, entry, peer),
                target,
                ruling,
                required(reason, "reason"),
                new Place(purpose, region, owner()),
                hint);
    }

    /** A line names control planes only. A portal or tenant is the first label of the target, if the pattern has such a label. */
    private Optional<Pin> owner() {
        if (controlPlane.isPresent()) {
            return controlPlane.map(name -> new Pin(OpenLabel.CONTROL_PLANE, name));
        }
        String asked = target.orElse("").toLowerCase(Locale.ROOT);
        int dot = asked.indexOf('.');
        return Arrays.stream(OpenLabel.values())
                .filter(place -> dot > 0 && pattern.orElse("").startsWith(place.placeholder()))
                .map(place -> new Pin(place, asked.substring(0, dot)))
                .findFirst();
    }

    private Ruling ruling(String verdict) throws UnreadableLineException {
        return switch (verdict) {
            case "permitted" -> Ruling.PERMITTED;
            case "refused" -> enforced ? Ruling.REFUSED : Ruling.LET_THROUGH;
            default -> throw new UnreadableLineException("its 'verdict' is neither permitted nor refused");
        };
    }
}
