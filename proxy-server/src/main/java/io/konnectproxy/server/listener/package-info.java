/**
 * From accept to verdict: admission, PROXY header, TLS, request head, credentials, and the replies to refusals. Start
 * at {@link io.konnectproxy.server.listener.TunnelServer}, then read in {@code Phases.first} which phases a connection
 * goes through; its verdict is {@code ClientConnection.judge}. Except for that order it must not know how an upstream
 * is reached, nor what a tunnel carries.
 */
@NullMarked
package io.konnectproxy.server.listener;

import org.jspecify.annotations.NullMarked;
