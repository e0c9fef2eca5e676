/**
 * The settings with which Kong and its tools use a listener of this proxy. Start at {@link
 * io.konnectproxy.server.kong.KongListeners}, which derives them, and at {@link
 * io.konnectproxy.server.kong.KongFormat}, which writes them. The package opens no socket, and must not know the
 * command line.
 */
@NullMarked
package io.konnectproxy.server.kong;

import org.jspecify.annotations.NullMarked;
