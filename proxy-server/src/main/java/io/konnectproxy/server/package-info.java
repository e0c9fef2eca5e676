/**
 * The program as a whole. Start at {@link io.konnectproxy.server.Main}. The composition root lives here: the one place that
 * knows all other packages.
 */
@NullMarked
package io.konnectproxy.server;

import org.jspecify.annotations.NullMarked;
