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
 * Follows data planes through the trail, by the definitions of a running proxy ({@code io.konnectproxy.server.dataplane}): one
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
    /** Those with a tunnel in the current process. */
    private final Set<DataPlaneTrack> ofProcess = new LinkedHashSet<>();

    private OptionalLong draining = OptionalLong.empty();
    private long notFollowed;
    private int patience;

    /** A request was let in; its tunnel is about to open. */
    void permitted(Decision decision, Place place) {
        track(decision.client(), place, decision.targetOfTunnel().orElse("")).ifPresent(track -> {
            track.opened(decision.client().name(), decision.time());
            ofProcess.add(track);
        });
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
        tracks.values().removeIf(track -> {
            boolean goes = !track.isProven()
                    && !track.isConnected()
                    && !track.isFlapping()
                    && (!own || track.key().network().equals(network));
            if (goes) {
                ofNetworks.merge(track.key().network(), -1, Integer::sum);
                ofProcess.remove(track);
            }
            return goes;
        });
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

    /** @param counted whether its line is in the period */
    void ended(TunnelEnd end, Optional<OpenTunnels.Request> request, boolean counted) {
        // A line of version 1 whose decision was not read does not say whose it is.
        Optional<RecordedClient> client =
                request.map(asked -> asked.decision().client()).or(end::client);
        Place place = request.map(OpenTunnels.Request::place).orElse(end.place());
        long opened = request.map(asked -> asked.decision().time()).orElse(end.time() - end.millis() * 1000);
        client.flatMap(known -> track(known, place, end.target())).ifPresent(track -> {
            if (request.isEmpty()) {
                track.opened(client.get().name(), opened);
            }
            if (Ending.of(end.outcome()) == Ending.NEVER_OPEN) {
                track.cameToNothing();
                return;
            }
            track.ended(end.time(), draining.isPresent());
            if (counted && draining.isEmpty() && end.time() - opened < FiveInTenMinutes.TEN_MINUTES) {
                track.shortOne(end);
            }
        });
    }

    /** The proxy is shutting down: tunnels that end from now on are not lost. */
    void drained(long time) {
        draining = draining.isPresent() ? draining : OptionalLong.of(time);
    }

    void processBegan(long time) {
        draining = OptionalLong.empty();
        ofProcess.forEach(track -> track.processBegan(time));
        ofProcess.clear();
    }

    /**
     * The data planes that are lost at the end of a period, the latest first.
     *
     * @param since those that were lost before are left out
     */
    List<ReportFinding> lost(long since, long until) {
        long now = Math.min(until, draining.orElse(Long.MAX_VALUE));
        return troubled(track -> track.isLost(since, now))
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
