/**
 * The judgement. Start at {@link io.konnectproxy.policy.EgressPolicy#decide}. Pure: no socket, no clock, no file; the same
 * client and target always get the same verdict, and only this package can make a {@link io.konnectproxy.policy.TunnelPermit}.
 */
@NullMarked
package io.konnectproxy.policy;

import org.jspecify.annotations.NullMarked;
