package io.konnectproxy.trail.event;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.trail.event.TrailEvent.Place;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The members of {@code rule}, in a {@code decision} and in a {@code tunnel}. */
final class RuleFields {
    private final Members members;
    private final String owner;
    private Optional<String> purpose = Optional.empty();
    private Optional<String> region = Optional.empty();
    private Optional<String> controlPlane = Optional.empty();
    private Optional<String> pattern = Optional.empty();
    private Optional<String> extraHost = Optional.empty();
    private Optional<String> host = Optional.empty();

    /** @param owner the path of the object, {@code decision.rule} */
    RuleFields(String owner, Members members) {
        this.owner = owner;
        this.members = members;
    }

    void read() throws UnreadableLineException {
        members.object(owner, this::take);
    }

    private boolean take(String name) throws UnreadableLineException {
        switch (name) {
            case "purpose" -> purpose = members.optionalText();
            case "region" -> region = members.optionalText();
            case "control_plane" -> controlPlane = members.optionalText();
            case "extra_host" -> {
                extraHost = Optional.of(members.text());
                purpose = extraHost.map(extra -> "extra-host " + extra);
            }
            case "pattern" -> pattern = members.optionalText();
            case "host" -> host = members.optionalText();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The rule as a configuration line names it; empty if there was none. */
    Optional<String> name() {
        return extraHost
                .map(extra -> extra + host.map(text -> ": " + text).orElse(""))
                .or(() -> pattern);
    }

    /** The place of a target by this rule; unknown if there was none. */
    Place place(String target) {
        return new Place(purpose, region, owner(target.toLowerCase(Locale.ROOT)));
    }

    /** A line names control planes only. A portal or tenant is the first label of the target, if the pattern has such a label. */
    private Optional<Pin> owner(String target) {
        if (controlPlane.isPresent()) {
            return controlPlane.map(name -> new Pin(OpenLabel.CONTROL_PLANE, name));
        }
        int dot = target.indexOf('.');
        return Arrays.stream(OpenLabel.values())
                .filter(place -> dot > 0 && pattern.orElse("").startsWith(place.placeholder()))
                .map(place -> new Pin(place, target.substring(0, dot)))
                .findFirst();
    }
}
