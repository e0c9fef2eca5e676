/**
 * The open tunnel: the ClientHello, the relay, the end, and the facts of the line in the trail. Start at {@link
 * io.konnectproxy.server.tunnel.HelloGate}. The handlers of all phases stand on its {@code ClientHandler}, {@code HeldBytes},
 * {@code Reply} and {@code LingeringClose}. It must not know who was let in or how the upstream was reached.
 */
@NullMarked
package io.konnectproxy.server.tunnel;

import org.jspecify.annotations.NullMarked;
