/**
 * Measures the proxy beside other proxies: real processes, real sockets on loopback, figures from the operating system. Start
 * at {@link io.konnectproxy.bench.Compare}. It sees the proxy from outside and
 * must not use its classes, but Netty in its jar and the name server of its demonstration.
 */
@NullMarked
package io.konnectproxy.bench;

import org.jspecify.annotations.NullMarked;
