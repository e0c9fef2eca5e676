/**
 * The offline stand-ins for Konnect and its DNS, for {@code demo} and for tests, and the demonstration itself. Start at
 * {@link io.konnectproxy.server.demo.Demonstration}. Code that serves clients must not depend on it.
 */
@NullMarked
package io.konnectproxy.server.demo;

import org.jspecify.annotations.NullMarked;
