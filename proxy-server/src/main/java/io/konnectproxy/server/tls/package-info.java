/**
 * Certificates, keys and trust, with Bouncy Castle. Start at
 * {@link io.konnectproxy.server.tls.ServerIdentity} for what TLS listeners show their clients, at
 * {@link io.konnectproxy.server.tls.PrivateCa} for certificates that are made here, at
 * {@link io.konnectproxy.server.tls.SigningKey} for the key that signs the audit trail. Knows nothing of tunnels, nor of Konnect.
 */
@NullMarked
package io.konnectproxy.server.tls;

import org.jspecify.annotations.NullMarked;
