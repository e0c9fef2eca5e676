/**
 * Decides about requests. Start at {@link io.konnectproxy.policy.EgressPolicy#decide}. The package is pure: it uses no socket,
 * no clock and no file, and the same client and target always get the same verdict. Only this package can create a
 * {@link io.konnectproxy.policy.TunnelPermit}.
 */
@NullMarked
package io.konnectproxy.policy;

import org.jspecify.annotations.NullMarked;
