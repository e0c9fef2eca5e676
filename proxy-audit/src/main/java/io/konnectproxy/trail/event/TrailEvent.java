package io.konnectproxy.trail.event;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one line of the trail says, as far as those who read it ask. All text has gone through {@link Printable}. */
public sealed interface TrailEvent {
    /** Microseconds since 1970, as are all times here. */
    long time();

    /** How a request was judged. */
    enum Judgement {
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
    record Client(
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
     * @param target empty when the client never asked for something
     * @param place by the rule that permitted it; unknown when none did
     */
    record Decision(
            long time,
            String id,
            Client client,
            Optional<String> target,
            Judgement judgement,
            String reason,
            Place place)
            implements TrailEvent {}

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
            long millis)
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

    /** What was permitted from here on, by keys of the configuration. */
    record Policy(long time, String digest, Map<String, List<String>> values) implements TrailEvent {}

    /**
     * A process of the proxy began.
     *
     * @param version empty where the line does not say
     */
    record Start(long time, Optional<String> version) implements TrailEvent {}

    record Drain(long time) implements TrailEvent {}

    record Stop(long time) implements TrailEvent {}

    /**
     * Lines that could not be written.
     *
     * @param served whether what they were about was done all the same; else it was refused
     */
    record Gap(long time, long lost, long from, long until, String reason, boolean served) implements TrailEvent {}

    /** A finished file of the trail was removed, as the configuration had it. */
    record Removed(long time, String file, String reason) implements TrailEvent {}

    /** What stood at the end of the file at a start, was no whole line, and was kept aside. */
    record Torn(long time, String keptAs, long bytes, String reason) implements TrailEvent {}

    /** Lines that a mirror missed; the trail has them. */
    record MirrorLoss(long time, String mirror, long missed, long from, long until, String reason)
            implements TrailEvent {}

    /**
     * A signature over all lines up to here.
     *
     * @param key the fingerprint of the key that signed
     */
    record Checkpoint(long time, String key) implements TrailEvent {}

    /** An event that this version does not know. */
    record Unfamiliar(long time, String event) implements TrailEvent {}
}
