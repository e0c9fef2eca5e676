/**
 * Certificates, keys and trust. The only package that knows Bouncy Castle. Start at
 * {@link io.konnectproxy.server.tls.ThrowawayCa} for certificates, at {@link io.konnectproxy.server.tls.SigningKey} for the
 * key that signs the audit trail.
 */
@NullMarked
package io.konnectproxy.server.tls;

import org.jspecify.annotations.NullMarked;
