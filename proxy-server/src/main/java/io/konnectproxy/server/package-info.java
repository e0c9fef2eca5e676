/**
 * The composition root. {@link io.konnectproxy.server.ProxyServer} wires, starts, drains and stops; it knows all other
 * packages but the command line, which starts it.
 */
@NullMarked
package io.konnectproxy.server;

import org.jspecify.annotations.NullMarked;
