/**
 * Fair queueing: clients take turns, regardless of how many items each has. Start at
 * {@link io.konnectproxy.server.fair.FairQueue}. The package knows neither what the items are nor what a client is.
 */
@NullMarked
package io.konnectproxy.server.fair;

import org.jspecify.annotations.NullMarked;
