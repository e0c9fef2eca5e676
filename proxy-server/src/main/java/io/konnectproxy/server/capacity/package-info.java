/**
 * What this process has for connections, file descriptors and memory, and who holds how much of it. Start at {@link
 * io.konnectproxy.server.capacity.Capacity}. It must not know channels, nor in which phase a connection is.
 */
@NullMarked
package io.konnectproxy.server.capacity;

import org.jspecify.annotations.NullMarked;
