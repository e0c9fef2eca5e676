/**
 * LittleProxy, fenced ({@code docs/decisions/0001-littleproxy-fenced.md}): the only package that imports it. Start at {@link
 * io.konnectproxy.server.upstream.littleproxy.LittleProxyServer}. It must not know how a way is chosen: it is handed a {@link
 * io.konnectproxy.server.upstream.littleproxy.Dialler} with the only request that LittleProxy ever sees.
 */
@NullMarked
package io.konnectproxy.server.upstream.littleproxy;

import org.jspecify.annotations.NullMarked;
