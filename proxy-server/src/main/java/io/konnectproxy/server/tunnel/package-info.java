/**
 * The open tunnel: the ClientHello, the relay, the end, and the facts for the last audit line. Start at {@link
 * io.konnectproxy.server.tunnel.HelloGate}. The handlers of all phases are based on its {@code ClientHandler}, {@code
 * HeldBytes}, {@code Reply} and {@code LingeringClose}. It must not know which client was admitted, nor how the
 * upstream was reached.
 */
@NullMarked
package io.konnectproxy.server.tunnel;

import org.jspecify.annotations.NullMarked;
