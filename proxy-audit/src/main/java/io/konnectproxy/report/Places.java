package io.konnectproxy.report;

import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.target.HostName;
import io.konnectproxy.trail.event.Pin;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the purpose, region and tenant of a refused target, because its line names no rule. It uses the host table of
 * this version of the program.
 */
final class Places {
    private static final int REMEMBERED = 1_000;

    private final KonnectCatalog catalog;
    private final Map<String, Place> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Place> eldest) {
            return size() > REMEMBERED;
        }
    };

    Places(KonnectCatalog catalog) {
        this.catalog = catalog;
    }

    Place of(TrailEvent.Decision decision) {
        if (decision.judgement() == TrailEvent.Ruling.PERMITTED) {
            return decision.place();
        }
        return decision.targetOfTunnel()
                .map(target -> remembered.computeIfAbsent(target, this::find))
                .orElse(Place.UNKNOWN);
    }

    private Place find(String target) {
        return host(ConnectTarget.parse(target))
                .flatMap(catalog::find)
                .map(Places::place)
                .orElse(Place.UNKNOWN);
    }

    private static Optional<HostName> host(ConnectTarget target) {
        if (target instanceof Authority authority) {
            return Optional.of(authority.host());
        }
        return target instanceof ConnectTarget.RootedName rooted ? Optional.of(rooted.host()) : Optional.empty();
    }

    private static Place place(KonnectMatch match) {
        return new Place(
                Optional.of(match.host().purpose().toString()),
                match.host().region().map(Object::toString),
                match.label().map(label -> new Pin(label.place(), label.text())));
    }
}
