/**
 * Besieges the proxy ({@code .ci/siege}): attackers who hold what they can and come back, honest data planes beside them, and
 * what is seen of both. Start at {@link io.konnectproxy.bench.siege.Siege}; {@link io.konnectproxy.bench.siege.Attacks} lists
 * what is done. It sees the proxy from outside and must not use its classes, but Netty in its jar and the name server of its
 * demonstration.
 */
@NullMarked
package io.konnectproxy.bench.siege;

import org.jspecify.annotations.NullMarked;
