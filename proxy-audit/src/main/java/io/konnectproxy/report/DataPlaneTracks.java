package io.konnectproxy.report;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.trail.event.Ending;
import io.konnectproxy.trail.event.TrailEvent.Decision;
import io.konnectproxy.trail.event.TrailEvent.Place;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import io.konnectproxy.trail.event.TrailEvent.TunnelEnd;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows data planes through all trails together, by the definitions of a running proxy ({@code io.konnectproxy.server.dataplane}): one
 * is lost if it had a tunnel for over a minute and has had none for over a minute, and comes and goes if five of its tunnels
 * ended in ten minutes, none of which was ten minutes old. Only clients that were permitted have a place; places are bounded, for
 * each client too.
 */
final class DataPlaneTracks {
    static final int CAPACITY = 10_000;
    static final int SHARE = 2_000;

    private static final int NETWORK_BYTES = 8;
    private static final int PATIENCE = 1_000;

    private final Map<DataPlaneTrack.TrackKey, DataPlaneTrack> tracks = new HashMap<>();
    private final Map<String, Integer> ofNetworks = new HashMap<>();
    private final Set<TrackedTrail> trails = new LinkedHashSet<>();
    private long notFollowed;
    private int patience;

    /** What belongs to one trail: to the process that writes it, and to what is known of its end. */
    final class TrackedTrail {
        private final ReportedTrail trail;
        /** Those with a tunnel in the current process, or whose last one ended because it was shut down. */
        private final Set<DataPlaneTrack> ofProcess = new LinkedHashSet<>();

        private OptionalLong draining = OptionalLong.empty();

        private TrackedTrail(ReportedTrail trail) {
            this.trail = trail;
        }

        String proxy() {
            return trail.proxy();
        }

        boolean isOfSameProxy(TrackedTrail other) {
            return trail.index() == other.trail.index();
        }

        ReportedTrail trail() {
            return trail;
        }

        /** The time up to which it is known who comes and goes: nobody can, once the proxy shuts down. */
        long known() {
            return Math.min(trail.furthest(), draining.orElse(Long.MAX_VALUE));
        }

        /**
         * A request was let in; its tunnel is about to open.
         *
         * @param counted whether its line is in the period
         */
        void permitted(Decision decision, Place place, boolean counted) {
            track(decision.client(), place, decision.targetOfTunnel().orElse(""))
                    .ifPresent(track -> {
                        track.opened(this, decision.client().name(), decision.time(), counted);
                        ofProcess.add(track);
                    });
        }

        /** @param counted whether its line is in the period */
        void ended(TunnelEnd end, Optional<OpenTunnels.Request> request, boolean counted) {
            // A line of version 1 whose decision was not read does not say whose it is.
            Optional<RecordedClient> client =
                    request.map(asked -> asked.decision().client()).or(end::client);
            Place place = request.map(OpenTunnels.Request::place).orElse(end.place());
            long opened = request.map(asked -> asked.decision().time()).orElse(end.time() - end.millis() * 1000);
            client.flatMap(known -> track(known, place, end.target())).ifPresent(track -> {
                if (request.isEmpty()) {
                    track.opened(this, client.get().name(), opened, counted);
                    ofProcess.add(track);
                }
                if (Ending.of(end.outcome()) == Ending.NEVER_OPEN) {
                    track.cameToNothing(this);
                } else {
                    track.ended(this, end.time(), draining.isPresent());
                    if (counted && draining.isEmpty() && end.time() - opened < FiveInTenMinutes.TEN_MINUTES) {
                        track.shortOne(end);
                    }
                }
                if (!track.isOf(this)) {
                    ofProcess.remove(track);
                }
            });
        }

        /** The proxy is shutting down: tunnels that end from now on are not lost. */
        void drained(long time) {
            draining = draining.isPresent() ? draining : OptionalLong.of(time);
        }

        void processBegan(long time) {
            draining = OptionalLong.empty();
            ofProcess.forEach(track -> track.processBegan(this, time));
            ofProcess.clear();
        }

        /** There is no further line. What is open stays so, as far as anybody knows. */
        void close() {
            ofProcess.forEach(track -> track.unwatched(this));
            ofProcess.clear();
            trails.remove(this);
        }
    }

    TrackedTrail trail(ReportedTrail trail) {
        TrackedTrail begun = new TrackedTrail(trail);
        trails.add(begun);
        return begun;
    }

    private Optional<DataPlaneTrack> track(RecordedClient client, Place place, String target) {
        if (place.controlPlane().isEmpty()) {
            return Optional.empty();
        }
        DataPlaneTrack.TrackKey key = new DataPlaneTrack.TrackKey(
                network(client.address()),
                client.user().or(client::certificate).orElse(""),
                place.controlPlane().get(),
                place.region().orElse(""),
                isTelemetry(target));
        DataPlaneTrack known = tracks.get(key);
        return known != null ? Optional.of(known) : Optional.ofNullable(begin(key, client.name()));
    }

    private @Nullable DataPlaneTrack begin(DataPlaneTrack.TrackKey key, String client) {
        if (!hasRoom(key.network()) && patience-- <= 0) {
            forget(key.network());
            // A look at all for each request would take long.
            patience = PATIENCE;
        }
        if (!hasRoom(key.network())) {
            notFollowed++;
            return null;
        }
        DataPlaneTrack track = new DataPlaneTrack(key, client);
        tracks.put(key, track);
        ofNetworks.merge(key.network(), 1, Integer::sum);
        return track;
    }

    private boolean hasRoom(String network) {
        return tracks.size() < CAPACITY && ofNetworks.getOrDefault(network, 0) < SHARE;
    }

    /** Those of a client that never had a tunnel for long, and have none, make room. */
    private void forget(String network) {
        boolean own = ofNetworks.getOrDefault(network, 0) >= SHARE;
        Set<DataPlaneTrack> forgotten = new HashSet<>();
        tracks.values().removeIf(track -> {
            boolean goes = !track.isProven()
                    && !track.isConnected()
                    && !track.isFlapping()
                    && (!own || track.key().network().equals(network));
            if (goes) {
                ofNetworks.merge(track.key().network(), -1, Integer::sum);
                forgotten.add(track);
            }
            return goes;
        });
        trails.forEach(trail -> trail.ofProcess.removeAll(forgotten));
    }

    /** Konnect's host for telemetry is {@code 0646a7d680.us.tp0.konghq.com}. */
    private static boolean isTelemetry(String target) {
        int region = target.indexOf('.') + 1;
        int service = target.indexOf('.', region) + 1;
        return region > 0 && service > 0 && target.startsWith("tp", service);
    }

    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        return AddressText.read(address)
                .map(read -> HexFormat.of().formatHex(Arrays.copyOf(read, NETWORK_BYTES)))
                .orElse(address);
    }

    /**
     * The data planes that are lost at the end of a period, the latest first.
     *
     * @param since those that were lost before are left out
     */
    List<ReportFinding> lost(long since, long until) {
        return troubled(track -> track.isLost(since, until))
                .map(DataPlaneTrack::lost)
                .sorted(Comparator.comparing(
                                (ReportFinding finding) -> finding.last().orElse(0L))
                        .reversed())
                .toList();
    }

    /** Those that come and go, the most frequent first. */
    List<ReportFinding> flapping() {
        return troubled(DataPlaneTrack::isFlapping)
                .map(DataPlaneTrack::flapping)
                .sorted(Comparator.comparingLong(ReportFinding::times).reversed())
                .toList();
    }

    /** Those that went from one proxy to another, the most often first; not those that come and go. */
    List<ReportFinding> moved() {
        return troubled(track -> track.hasMoved() && !track.isFlapping())
                .map(DataPlaneTrack::moved)
                .sorted(Comparator.comparingLong(ReportFinding::times).reversed())
                .toList();
    }

    /** A data plane with cp and tp is one data plane. */
    private Stream<DataPlaneTrack> troubled(Predicate<DataPlaneTrack> trouble) {
        return tracks.values().stream().filter(trouble).filter(track -> {
            DataPlaneTrack configuration =
                    track.key().telemetry() ? tracks.get(track.key().configuration()) : null;
            return configuration == null || !trouble.test(configuration);
        });
    }

    /** Requests that are not followed, because there is no place. */
    long notFollowed() {
        return notFollowed;
    }
}
