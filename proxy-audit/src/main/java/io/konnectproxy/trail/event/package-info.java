/**
 * What a line of the trail says: the only reader of its fields. Start at {@link io.konnectproxy.trail.event.EventReader}. Knows
 * nothing of files, of the chain that binds the lines, or of what is done with an event.
 */
@NullMarked
package io.konnectproxy.trail.event;

import org.jspecify.annotations.NullMarked;
