/**
 * File descriptors and memory for connections, and how much of the memory each client holds. Start at
 * {@link io.konnectproxy.server.capacity.Capacity}. The package must know neither channels nor the phases of a connection.
 */
@NullMarked
package io.konnectproxy.server.capacity;

import org.jspecify.annotations.NullMarked;
