/**
 * Resolves names to addresses, asynchronously. Start at {@link io.konnectproxy.server.dns.NameResolver}, whose addresses are
 * checked and may be dialled. The package knows nothing of tunnels.
 */
@NullMarked
package io.konnectproxy.server.dns;

import org.jspecify.annotations.NullMarked;
