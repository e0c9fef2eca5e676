/** STUB. */
@NullMarked
package io.konnectproxy.server.credentials;

import org.jspecify.annotations.NullMarked;
