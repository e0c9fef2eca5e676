package io.konnectproxy.trail.event;

import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The content of a line of the trail, without the fields that no reader needs. All text except that of a policy and of
 * {@link ExactNames} has been escaped by {@link Printable}.
 */
public sealed interface TrailEvent {
    /** The time in microseconds since 1970, like all times here. */
    long time();

    /** The decision about a request. */
    enum Ruling {
        PERMITTED,
        REFUSED,
        /** Refused by the policy, but permitted because of the report-only mode. */
        LET_THROUGH
    }

    /**
     * The client of a request.
     *
     * @param port empty if the line has none
     * @param user the user whose password was verified
     * @param claimedUser the user of credentials that were wrong; not verified
     * @param certificate the first name of the client's certificate
     * @param entry the entry of {@code clients} whose rules applied
     * @param peer the address of the peer that sent the PROXY header
     * @param exact the verified names for whoever writes rules for this client
     */
    record RecordedClient(
            String address,
            Optional<Long> port,
            Optional<String> user,
            Optional<String> claimedUser,
            Optional<String> certificate,
            Optional<String> entry,
            Optional<String> peer,
            ExactNames exact) {
        public String name() {
            return user.or(() -> certificate)
                    .or(() -> claimedUser.map(name -> "claims to be " + name))
                    .map(name -> address + " (" + name + ")")
                    .orElse(address);
        }
    }

    /** Verified names of a client as they are in the line: not escaped, never to be shown as they are. */
    record ExactNames(Optional<String> user, Optional<String> certificate) {
        public static final ExactNames NONE = new ExactNames(Optional.empty(), Optional.empty());
    }

    /**
     * The purpose, region and tenant of a target.
     *
     * @param owner the tenant of the host; empty if the host belongs to no tenant
     */
    record Place(Optional<String> purpose, Optional<String> region, Optional<Pin> owner) {
        public static final Place UNKNOWN = new Place(Optional.empty(), Optional.empty(), Optional.empty());

        public Optional<String> controlPlane() {
            return owner.filter(pin -> pin.place() == OpenLabel.CONTROL_PLANE).map(Pin::name);
        }
    }

    /**
     * The decision about a request.
     *
     * @param listener the local address that the client came to; empty if the line has none
     * @param target the target as the client wrote it; empty if none was read
     * @param place the place by the rule that permitted it; unknown if no rule did
     * @param rule the rule that permitted it, as a configuration line names it: a pattern, or {@code name: host} of an extra
     *     host; empty if no rule did
     * @param hint details for the operator
     */
    record Decision(
            long time,
            String id,
            Optional<String> listener,
            RecordedClient client,
            Optional<String> target,
            Ruling judgement,
            String reason,
            Place place,
            Optional<String> rule,
            Optional<String> hint)
            implements TrailEvent {
        /** The target, in lower case like that of the tunnel's line if there may be one, so that both are counted as one. */
        public Optional<String> targetOfTunnel() {
            return judgement == Ruling.REFUSED ? target : target.map(asked -> asked.toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Refusals that have no line of their own.
     *
     * @param client an address, or the network of several; empty for the sum of clients that were not counted separately
     * @param listener the local address that they came to; empty if those were several
     * @param reasons the number of refusals for each reason; {@code count} is their sum
     */
    record Refusals(
            long time,
            Optional<String> client,
            Optional<String> listener,
            long count,
            Map<String, Long> reasons,
            long first,
            long last)
            implements TrailEvent {}

    /**
     * A tunnel ended, or was never opened.
     *
     * @param listener the local address that the client came to; empty in lines of version 1
     * @param client the client of its decision; empty in lines of version 1
     * @param place the place by the rule of its decision; unknown if no rule permitted it, and in lines of version 1
     * @param rule the rule of its decision, as in {@link Decision}
     * @param upstream the address that was dialled; empty if none was
     * @param via the parent proxy; empty if none was used
     * @param dnsMillis how long the look-up took; empty if there was none
     * @param connectMillis how long connecting took; empty if it was not tried
     * @param hint details for the operator
     */
    record TunnelEnd(
            long time,
            String id,
            Optional<String> listener,
            Optional<RecordedClient> client,
            Place place,
            Optional<String> rule,
            String target,
            String outcome,
            Optional<Dialled> upstream,
            Optional<Via> via,
            Optional<Hello> hello,
            long bytesUp,
            long bytesDown,
            Optional<Long> dnsMillis,
            Optional<Long> connectMillis,
            long millis,
            Optional<String> hint)
            implements TrailEvent {}

    /** The address of a server, or of a parent proxy. */
    record Dialled(String address, long port) {}

    /**
     * A parent proxy.
     *
     * @param status the status with which it refused; empty if it did not refuse
     */
    record Via(String parent, Optional<Long> status) {}

    /**
     * The contents of a ClientHello.
     *
     * @param serverName empty if the hello named none
     * @param alpn the offered protocols, {@code h2, http/1.1}; empty text if none was offered
     * @param versions the offered versions, {@code TLSv1.3, TLSv1.2}
     * @param handshake what the handshake came to, {@code client_alert}; empty in lines of versions that did not look
     * @param alert the name of the alert, {@code unknown_ca}
     */
    record Hello(
            Optional<String> serverName,
            String alpn,
            String versions,
            boolean ech,
            boolean resumes,
            Optional<String> handshake,
            Optional<String> alert) {
        /** {@code client_alert (unknown_ca)}; empty if the handshake was completed, or is not known. */
        public Optional<String> brokenHandshake() {
            return handshake
                    .filter(end -> !end.equals("completed"))
                    .map(end -> end + alert.map(name -> " (" + name + ")").orElse(""));
        }
    }

    /**
     * The policy that applies from then on.
     *
     * @param instance the name of the proxy; empty in lines of version 1
     * @param configurationDigest identifies the whole configuration; empty in lines of version 1
     * @param settings the settings by configuration key, as they are in the line: not escaped
     * @param changed the settings whose values changed; empty if that is not known
     */
    record Policy(
            long time,
            String occasion,
            Optional<String> instance,
            Optional<String> configurationDigest,
            String digest,
            PolicySettings settings,
            List<PolicySettings.Change> changed)
            implements TrailEvent {
        /** Whether it was put in force while the proxy ran. */
        public boolean isReload() {
            return occasion.equals("reload");
        }

        /** The settings as escaped text. */
        public Map<String, List<String>> values() {
            Map<String, List<String>> values = new TreeMap<>();
            settings.settings()
                    .forEach((key, texts) -> values.put(
                            Printable.of(key), texts.stream().map(Printable::of).toList()));
            return values;
        }
    }

    /**
     * The proxy started.
     *
     * @param version empty if the line has none
     * @param instance the name of the proxy; empty in lines of version 1
     */
    record Start(long time, Optional<String> version, Optional<String> instance) implements TrailEvent {}

    /**
     * A changed configuration was refused; the old one stayed in force.
     *
     * @param problems what was wrong with it
     * @param omitted the number of further problems
     */
    record ReloadRefused(long time, List<String> problems, long omitted) implements TrailEvent {
        /** All of them in one line: {@code One; two; and 3 more}. */
        public String words() {
            List<String> parts = new ArrayList<>(problems);
            if (omitted > 0) {
                parts.add("and " + omitted + " more");
            }
            for (int i = 0; i < parts.size() - 1; i++) {
                String part = parts.get(i);
                parts.set(i, part.endsWith(".") ? part.substring(0, part.length() - 1) : part);
            }
            return String.join("; ", parts);
        }
    }

    record Drain(long time) implements TrailEvent {}

    record Stop(long time) implements TrailEvent {}

    /** The proxy could not start. Its line is a {@code stop} with a reason, and the only one of that attempt. */
    record NotStarted(long time, String reason) implements TrailEvent {}

    /** A loss of lines that the trail records. */
    sealed interface Incident extends TrailEvent {
        String reason();

        /** Describes the incident as half a sentence. */
        String words();
    }

    /**
     * Lines that could not be written.
     *
     * @param served whether the requests of these lines were served nevertheless; otherwise they were refused
     */
    record Gap(long time, long lost, long from, long until, String reason, boolean served) implements Incident {
        @Override
        public String words() {
            return lines(lost) + " could not be written " + between(from, until) + ": " + reason
                    + (served ? "; their requests were served all the same" : "; their requests were refused");
        }
    }

    /** A finished file of the trail was removed, as configured. */
    record Removed(long time, String file, String reason) implements Incident {
        @Override
        public String words() {
            return "the finished file " + file + " was removed: " + reason;
        }
    }

    /** Bytes at the end of the file that were not a complete line, and were moved to another file. */
    record Torn(long time, String keptAs, long bytes, String reason) implements Incident {
        @Override
        public String words() {
            return bytes + " bytes at the end were no whole line and are kept as " + keptAs + ": " + reason;
        }
    }

    /** Lines that were not delivered to a mirror. The trail has them. */
    record MirrorLoss(long time, String mirror, long missed, long from, long until, String reason) implements Incident {
        @Override
        public String words() {
            return "the mirror " + mirror + " missed " + lines(missed) + " " + between(from, until) + ": " + reason;
        }
    }

    /**
     * The clock jumped, or had jumped before.
     *
     * @param occasion {@code running}, {@code start}, or {@code repeated}
     * @param expected what the clock would have said without this jump
     * @param counted the time as the trail has seen it pass
     */
    record ClockJump(long time, String occasion, long expected, long counted) implements Incident {
        /** Microseconds by which the clock is ahead of the time that has been seen passing; negative if it is behind. */
        public long ahead() {
            return time - counted;
        }

        /** Whether it only repeats an earlier jump, at the beginning of a file or of a run. */
        public boolean isRepeated() {
            return occasion.equals("repeated");
        }

        @Override
        public String reason() {
            return words();
        }

        @Override
        public String words() {
            String where = occasion.equals("start") ? " between the last line and a start" : " while the proxy ran";
            String jumped = isRepeated()
                    ? "an earlier jump of the clock still counts"
                    : "the clock jumped from " + Micros.text(expected) + " to " + Micros.text(time) + where;
            return jumped + "; for removals it is " + Micros.text(counted);
        }
    }

    /**
     * A signature over all lines up to this one.
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
