/**
 * The offline stand-in for Konnect that {@code demo} and tests use. Start at
 * {@link io.konnectproxy.server.demo.StandInDns}. Nothing that serves clients may depend on it.
 */
@NullMarked
package io.konnectproxy.server.demo;

import org.jspecify.annotations.NullMarked;
