/**
 * Bytes to facts. Start at {@link io.konnectproxy.wire.ConnectHeadReader}: strict incremental readers that accept one form
 * and never repair. They know nothing of sockets or of what is permitted.
 */
@NullMarked
package io.konnectproxy.wire;

import org.jspecify.annotations.NullMarked;
