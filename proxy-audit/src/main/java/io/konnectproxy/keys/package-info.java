/**
 * Files with keys and certificates: the key that signs the trail, the key that verifies it, the authorities that are
 * trusted. Start at {@link io.konnectproxy.keys.SigningKey}. Knows nothing of listeners, of the trail or of the network.
 */
@NullMarked
package io.konnectproxy.keys;

import org.jspecify.annotations.NullMarked;
