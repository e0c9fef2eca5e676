package io.konnectproxy.server.admin;

import io.konnectproxy.server.live.LiveDocument;
import io.konnectproxy.server.live.LiveView;
import java.util.function.Supplier;

/**
 * The live page.
 *
 * @param access asked for each request, and before each event
 * @param document read at the first request, because that takes longer than a start should wait
 * @param view renders the events, on a thread of its own
 */
public record LivePage(Supplier<PageAccess> access, Supplier<LiveDocument> document, LiveView view) {}
