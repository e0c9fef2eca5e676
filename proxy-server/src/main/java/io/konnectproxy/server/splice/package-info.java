/**
 * Moves bytes from one socket to another through a pipe of the kernel, without copying them (splice(2) of Linux), where the JDK
 * can call it. It must not know any other package.
 */
@NullMarked
package io.konnectproxy.server.splice;

import org.jspecify.annotations.NullMarked;
