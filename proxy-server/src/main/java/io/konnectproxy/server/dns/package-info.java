/**
 * Names to addresses, asynchronously. Start at {@link io.konnectproxy.server.dns.NameResolver}: what it gives was checked
 * and may be dialled as such. Knows nothing of tunnels.
 */
@NullMarked
package io.konnectproxy.server.dns;

import org.jspecify.annotations.NullMarked;
