/**
 * The judgement. Start at {@link io.konnectproxy.policy.EgressPolicy#judge}. Pure: no socket, no clock, no file; the same
 * target always gets the same verdict, and only this package can make a {@link io.konnectproxy.policy.TunnelPermit}.
 */
@NullMarked
package io.konnectproxy.policy;

import org.jspecify.annotations.NullMarked;
