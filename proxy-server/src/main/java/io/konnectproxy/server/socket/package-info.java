/** Helpers for binding listening sockets of every kind. It must not know any other package. */
@NullMarked
package io.konnectproxy.server.socket;

import org.jspecify.annotations.NullMarked;
