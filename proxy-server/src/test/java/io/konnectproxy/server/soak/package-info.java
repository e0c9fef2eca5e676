/**
 * Load: a storm of data planes, and the soak ({@code .ci/soak}). Begin with {@link io.konnectproxy.server.soak.Soak}. Knows
 * the proxy only from outside, by its sockets and its audit file, and needs no test library, so that it runs beside the jar.
 */
@NullMarked
package io.konnectproxy.server.soak;

import org.jspecify.annotations.NullMarked;
