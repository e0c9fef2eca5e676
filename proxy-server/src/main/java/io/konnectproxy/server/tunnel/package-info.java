/**
 * The path of a tunnel, on Netty and LittleProxy. Start at {@link io.konnectproxy.server.tunnel.TunnelServer}, then follow
 * a connection through its first handler: {@code EntryGate}, {@code HeadGate}, {@code CredentialGate} where credentials are
 * demanded, {@code DialGate}, {@code HelloGate}, {@code Relay}; what is refused ends in {@code Farewell}. The only package that
 * knows LittleProxy, which stands behind that first handler and is fenced on both sides
 * ({@code docs/decisions/0001-littleproxy-fenced.md}).
 */
@NullMarked
package io.konnectproxy.server.tunnel;

import org.jspecify.annotations.NullMarked;
