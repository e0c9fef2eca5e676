/**
 * The composition root. {@link io.konnectproxy.server.ProxyServer} connects, starts, drains and stops all parts. It
 * knows all other packages except the command line, which starts it.
 */
@NullMarked
package io.konnectproxy.server;

import org.jspecify.annotations.NullMarked;
