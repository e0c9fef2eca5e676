/**
 * The trail as it lies on disk: the form of its lines, the chain that binds them, the files it is spread over, and reading
 * all that back. Start at {@link io.konnectproxy.trail.TrailLine}. Knows nothing of tunnels, of how lines are written
 * or of configuration.
 */
@NullMarked
package io.konnectproxy.trail;

import org.jspecify.annotations.NullMarked;
