/**
 * What the live page shows: the document, and the events that it follows. Start at {@link io.konnectproxy.server.live.LiveView}. The
 * package knows neither HTTP nor who watches; it renders when it is asked to, from what others keep, and keeps nothing itself but the
 * last decisions ({@link io.konnectproxy.server.live.RecentDecisions}) and, while somebody watches, what rates are computed from.
 */
@NullMarked
package io.konnectproxy.server.live;

import org.jspecify.annotations.NullMarked;
