/**
 * Parses the fields of the trail's lines; no other package does. Start at {@link io.konnectproxy.trail.event.EventReader}. The
 * package does not know files, the hash chain, or how events are used.
 */
@NullMarked
package io.konnectproxy.trail.event;

import org.jspecify.annotations.NullMarked;
