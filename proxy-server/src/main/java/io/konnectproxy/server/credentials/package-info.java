/**
 * Who asks: users with their passwords, from an htpasswd file. Start at {@link io.konnectproxy.server.credentials.Users},
 * which verifies. It knows bcrypt from Bouncy Castle, and nothing of sockets, replies or the configuration.
 */
@NullMarked
package io.konnectproxy.server.credentials;

import org.jspecify.annotations.NullMarked;
