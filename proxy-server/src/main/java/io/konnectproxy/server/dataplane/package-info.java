/**
 * Which data planes have a tunnel to which control plane, who has lost it, who comes and goes, and who is refused again and
 * again. Start at {@link io.konnectproxy.server.dataplane.DataPlanes}. It is told what happens and knows neither channels nor
 * phases nor the configuration. What it keeps is bounded ({@code AttachmentPlaces}), for each client and in all, and is gone with the
 * process: a proxy that has just started knows nobody, so nobody is lost to it.
 *
 * <p>A client is an address (IPv4, or an IPv6 /64), and beside it the user that it has proved to be, or else the common name
 * of its certificate. The address alone would make one client of all data planes behind a NAT. The name alone would make one
 * of a fleet that shares a user. The address is the one that the policy judges: that of the PROXY header where there is one.
 * A name that was not proved is not kept.
 */
@NullMarked
package io.konnectproxy.server.dataplane;

import org.jspecify.annotations.NullMarked;
