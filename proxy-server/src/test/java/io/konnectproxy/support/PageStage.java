package io.konnectproxy.support;

import io.konnectproxy.server.admin.LivePage;
import io.konnectproxy.server.admin.PageAccess;
import io.konnectproxy.server.dataplane.DataPlanes;
import io.konnectproxy.server.live.LiveDocument;
import io.konnectproxy.server.live.LiveSources;
import io.konnectproxy.server.live.LiveView;
import io.konnectproxy.server.live.ProxyFacts;
import io.konnectproxy.server.live.ProxyFacts.AuditFacts;
import io.konnectproxy.server.live.ProxyFacts.DnsFacts;
import io.konnectproxy.server.live.ProxyFacts.InForceFacts;
import io.konnectproxy.server.live.ProxyFacts.ReloadFacts;
import io.konnectproxy.server.live.ProxyFacts.UsedOf;
import io.konnectproxy.server.live.RecentDecisions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The live page of a proxy that does nothing. */
public final class PageStage {
    private PageStage() {}

    /** No page at all, for tests of the other paths. */
    public static LivePage off() {
        return of(() -> PageAccess.OFF, () -> facts("nobody"), new RecentDecisions());
    }

    public static LivePage of(Supplier<PageAccess> access, Supplier<ProxyFacts> facts, RecentDecisions recent) {
        return new LivePage(
                access,
                LiveDocument::read,
                new LiveView(
                        new LiveSources(
                                facts,
                                Map::of,
                                Map::of,
                                List::of,
                                new DataPlanes(name -> Optional.empty(), System::nanoTime),
                                recent),
                        System::nanoTime));
    }

    public static ProxyFacts facts(String instance) {
        return new ProxyFacts(
                Instant.EPOCH,
                instance,
                "0",
                Instant.EPOCH,
                true,
                List.of(),
                new InForceFacts(
                        "0",
                        Instant.EPOCH,
                        "enforce",
                        List.of("us"),
                        new ReloadFacts("none", Optional.empty(), List.of())),
                new UsedOf(0, 1),
                new UsedOf(0, 1),
                Optional.empty(),
                new AuditFacts(true, 0, 0, "standard output"),
                List.of(),
                Optional.empty(),
                List.of(),
                new DnsFacts(List.of(), 0),
                List.of(),
                List.of(),
                List.of());
    }
}
