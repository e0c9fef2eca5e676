/**
 * Resolves names to addresses, asynchronously. Start at {@link io.konnectproxy.server.dns.NameResolver}, which returns
 * checked addresses. The package does not know tunnels.
 */
@NullMarked
package io.konnectproxy.server.dns;

import org.jspecify.annotations.NullMarked;
