/**
 * From verdict to an open tunnel: records the decision, resolves the name, and dials directly or through parent
 * proxies. Start at {@link io.konnectproxy.server.upstream.DialGate}; {@code Dialling} counts attempts and time, {@code
 * Route} gives the next attempt. It must not know listeners: a client reaches it only with a permit.
 */
@NullMarked
package io.konnectproxy.server.upstream;

import org.jspecify.annotations.NullMarked;
