/**
 * The identities of TLS listeners, and a private certificate authority. Start at
 * {@link io.konnectproxy.server.tls.ServerIdentity} for listeners, at {@link io.konnectproxy.server.tls.PrivateCa} for the
 * authority. The package knows neither tunnels nor Konnect.
 */
@NullMarked
package io.konnectproxy.server.tls;

import org.jspecify.annotations.NullMarked;
