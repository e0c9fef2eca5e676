/**
 * From verdict to an open tunnel: records the decision, resolves, dials, directly or through parent proxies. Start at {@link
 * io.konnectproxy.server.upstream.DialGate}; {@code Dialling} counts attempts and time, {@code Route} says which is next. It must
 * not know listeners: a client reaches it with a permit, or not at all.
 */
@NullMarked
package io.konnectproxy.server.upstream;

import org.jspecify.annotations.NullMarked;
