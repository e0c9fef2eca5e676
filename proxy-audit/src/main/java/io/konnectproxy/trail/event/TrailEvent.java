package io.konnectproxy.trail.event;

import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What one line of the trail says, as far as those who read it ask. All text but that of a policy has gone through {@link
 * Printable}. */
public sealed interface TrailEvent {
    /** Microseconds since 1970, as are all times here. */
    long time();

    /** How a request was judged. */
    enum Ruling {
        PERMITTED,
        REFUSED,
        /** Refused by the policy and let through all the same, in report-only mode. */
        LET_THROUGH
    }

    /**
     * Who asked.
     *
     * @param user whose password the client knew
     * @param certificate the first name of its certificate
     * @param entry of {@code clients}, whose rules held
     * @param peer who connected in its place and said so with a PROXY header
     */
    record RecordedClient(
            String address,
            Optional<String> user,
            Optional<String> certificate,
            Optional<String> entry,
            Optional<String> peer) {
        public String name() {
            return user.or(() -> certificate)
                    .map(name -> address + " (" + name + ")")
                    .orElse(address);
        }
    }

    /**
     * What a target belongs to.
     *
     * @param owner whose host it is, where each tenant has its own
     */
    record Place(Optional<String> purpose, Optional<String> region, Optional<Pin> owner) {
        public static final Place UNKNOWN = new Place(Optional.empty(), Optional.empty(), Optional.empty());

        public Optional<String> controlPlane() {
            return owner.filter(pin -> pin.place() == OpenLabel.CONTROL_PLANE).map(Pin::name);
        }
    }

    /**
     * A request was judged.
     *
     * @param target as the client spelled it; empty when it never asked for something
     * @param place by the rule that permitted it; unknown when none did
     * @param hint what to do about it
     */
    record Decision(
            long time,
            String id,
            RecordedClient client,
            Optional<String> target,
            Ruling judgement,
            String reason,
            Place place,
            Optional<String> hint)
            implements TrailEvent {
        /** In the spelling of the tunnel's line where there may be one, so that letter case doesn't make two targets of one. */
        public Optional<String> targetOfTunnel() {
            return judgement == Ruling.REFUSED ? target : target.map(asked -> asked.toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Refusals that have no line of their own.
     *
     * @param client an address, or the network of several; empty for clients that were too many to be told apart
     * @param reasons how many of each, as many as {@code count} in all
     */
    record Refusals(long time, Optional<String> client, long count, Map<String, Long> reasons, long first, long last)
            implements TrailEvent {}

    /**
     * A tunnel ended, or never came about.
     *
     * @param via the parent proxy that was asked; empty where none was
     * @param hint what to do about it
     */
    record TunnelEnd(
            long time,
            String id,
            String target,
            String outcome,
            Optional<Via> via,
            Optional<Hello> hello,
            long bytesUp,
            long bytesDown,
            long millis,
            Optional<String> hint)
            implements TrailEvent {}

    /**
     * A parent proxy.
     *
     * @param status with what it refused; empty where it did not
     */
    record Via(String parent, Optional<Long> status) {}

    /**
     * What a ClientHello offered.
     *
     * @param versions {@code TLSv1.3, TLSv1.2}
     */
    record Hello(String versions, boolean ech, boolean resumes) {}

    /**
     * What was permitted from here on.
     *
     * @param settings by keys of the configuration, as they stand in the line: not printable text
     * @param changed keys whose values are not those of before; empty where that is not known
     */
    record Policy(long time, String occasion, String digest, PolicySettings settings, List<String> changed)
            implements TrailEvent {
        /** The settings as printable text. */
        public Map<String, List<String>> values() {
            Map<String, List<String>> values = new TreeMap<>();
            settings.settings()
                    .forEach((key, texts) -> values.put(
                            Printable.of(key), texts.stream().map(Printable::of).toList()));
            return values;
        }
    }

    /**
     * A process of the proxy began.
     *
     * @param version empty where the line does not say
     */
    record Start(long time, Optional<String> version) implements TrailEvent {}

    record Drain(long time) implements TrailEvent {}

    record Stop(long time) implements TrailEvent {}

    /** What the trail says of its own gaps. */
    sealed interface Incident extends TrailEvent {
        String reason();

        /** It as half a sentence. */
        String words();
    }

    /**
     * Lines that could not be written.
     *
     * @param served whether what they were about was done all the same; else it was refused
     */
    record Gap(long time, long lost, long from, long until, String reason, boolean served) implements Incident {
        @Override
        public String words() {
            return lines(lost) + " could not be written " + between(from, until) + ": " + reason
                    + (served ? "; their requests were served all the same" : "; their requests were refused");
        }
    }

    /** A finished file of the trail was removed, as the configuration had it. */
    record Removed(long time, String file, String reason) implements Incident {
        @Override
        public String words() {
            return "the finished file " + file + " was removed: " + reason;
        }
    }

    /** What stood at the end of the file at a start, was no whole line, and was kept aside. */
    record Torn(long time, String keptAs, long bytes, String reason) implements Incident {
        @Override
        public String words() {
            return bytes + " bytes at the end were no whole line and are kept as " + keptAs + ": " + reason;
        }
    }

    /** Lines that a mirror missed; the trail has them. */
    record MirrorLoss(long time, String mirror, long missed, long from, long until, String reason) implements Incident {
        @Override
        public String words() {
            return "the mirror " + mirror + " missed " + lines(missed) + " " + between(from, until) + ": " + reason;
        }
    }

    /**
     * A signature over all lines up to here.
     *
     * @param key the fingerprint of the key that signed
     */
    record Checkpoint(long time, String key) implements TrailEvent {}

    /** An event that this version does not know. */
    record Unfamiliar(long time, String event) implements TrailEvent {}

    private static String lines(long count) {
        return count == 1 ? "1 line" : count + " lines";
    }

    private static String between(long from, long until) {
        return "between " + Micros.text(from) + " and " + Micros.text(until);
    }
}
