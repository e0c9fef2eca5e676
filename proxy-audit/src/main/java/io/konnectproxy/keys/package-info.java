/**
 * Reads and writes files with keys and passwords, and reads certificates: the key that signs the trail, the key that
 * verifies it, and the trusted authorities. Start at {@link io.konnectproxy.keys.SigningKey}. It must not know
 * listeners, the trail or the network.
 */
@NullMarked
package io.konnectproxy.keys;

import org.jspecify.annotations.NullMarked;
