/**
 * From accept to verdict: admission, PROXY header, TLS, request head, credentials, and the replies to refusals. Start at {@link
 * io.konnectproxy.server.listener.TunnelServer}, then follow a connection through {@code EntryGate}, {@code HeadGate} and {@code
 * CredentialGate} to {@code Arrival.judge}. It must not know how an upstream is reached, nor what is said inside a tunnel.
 */
@NullMarked
package io.konnectproxy.server.listener;

import org.jspecify.annotations.NullMarked;
