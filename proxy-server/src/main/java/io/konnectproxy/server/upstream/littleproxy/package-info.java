/**
 * The adapter around LittleProxy ({@code docs/decisions/0001-littleproxy-fenced.md}): the only package that imports it.
 * Start at {@link io.konnectproxy.server.upstream.littleproxy.LittleProxyServer}. It must not know how an address is
 * chosen: it is given a {@link io.konnectproxy.server.upstream.littleproxy.Dialler} with each request that LittleProxy
 * sees.
 */
@NullMarked
package io.konnectproxy.server.upstream.littleproxy;

import org.jspecify.annotations.NullMarked;
