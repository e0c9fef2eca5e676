/**
 * Simulates a fleet ({@code .ci/fleet}): proxies that are killed, restarted and lost with their volumes, data planes that move between
 * them and count for themselves, one archive. Afterwards what the archive proves and reports is held against what was counted. Start at
 * {@link io.konnectproxy.bench.fleet.FleetSimulation}. It sees the proxies and the archive from outside and must not use the proxy's
 * classes, but Netty in its jar.
 */
@NullMarked
package io.konnectproxy.bench.fleet;

import org.jspecify.annotations.NullMarked;
