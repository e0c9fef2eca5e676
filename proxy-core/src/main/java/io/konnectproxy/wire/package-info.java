/**
 * Parses bytes from the network. Start at {@link io.konnectproxy.wire.ConnectHeadReader}. The parsers are strict and
 * incremental: they accept one form and never repair input. They do not know sockets or the policy.
 */
@NullMarked
package io.konnectproxy.wire;

import org.jspecify.annotations.NullMarked;
