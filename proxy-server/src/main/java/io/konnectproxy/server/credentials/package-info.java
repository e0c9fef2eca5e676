/**
 * Basic credentials: users and bcrypt hashes from an htpasswd file, and their verification. Start at {@link
 * io.konnectproxy.server.credentials.Users}. The package depends on Bouncy Castle for bcrypt. It knows nothing of sockets,
 * replies or the configuration.
 */
@NullMarked
package io.konnectproxy.server.credentials;

import org.jspecify.annotations.NullMarked;
