/**
 * Certificates and trust. The only package that knows Bouncy Castle. Start at
 * {@link io.konnectproxy.server.tls.ThrowawayCa}.
 */
@NullMarked
package io.konnectproxy.server.tls;

import org.jspecify.annotations.NullMarked;
