/**
 * The trail on disk: the form of its lines, their hash chain, its segments, and how all of that is read and verified. Start at
 * {@link io.konnectproxy.trail.TrailLine}. The package does not know tunnels, the configuration, or how lines are written.
 */
@NullMarked
package io.konnectproxy.trail;

import org.jspecify.annotations.NullMarked;
