/**
 * Fair queueing: what waits takes turns by the client that it came from. Start at {@link
 * io.konnectproxy.server.fair.FairQueue}. It knows neither what waits nor what a client is.
 */
@NullMarked
package io.konnectproxy.server.fair;

import org.jspecify.annotations.NullMarked;
