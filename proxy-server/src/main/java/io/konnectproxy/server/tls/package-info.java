/**
 * Certificates that listeners show and that are made here. Start at {@link io.konnectproxy.server.tls.ServerIdentity} for what
 * TLS listeners show their clients, at {@link io.konnectproxy.server.tls.PrivateCa} for certificates that are made here. Knows
 * nothing of tunnels, nor of Konnect.
 */
@NullMarked
package io.konnectproxy.server.tls;

import org.jspecify.annotations.NullMarked;
