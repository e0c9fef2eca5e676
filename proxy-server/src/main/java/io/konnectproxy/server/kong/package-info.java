/**
 * What to set in Kong and its tools so that they come in through a listener of this proxy. Start at
 * {@link io.konnectproxy.server.kong.KongListeners}, which looks at the listeners, and at
 * {@link io.konnectproxy.server.kong.KongFormat}, which writes what it found. Opens no socket and knows nothing of the command
 * line.
 */
@NullMarked
package io.konnectproxy.server.kong;

import org.jspecify.annotations.NullMarked;
