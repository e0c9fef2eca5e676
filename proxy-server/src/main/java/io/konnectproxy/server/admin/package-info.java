/**
 * Liveness and readiness probes, metrics and the live page on a separate port. Start at {@link io.konnectproxy.server.admin.AdminServer}. The port
 * only reads state and changes none.
 */
@NullMarked
package io.konnectproxy.server.admin;

import org.jspecify.annotations.NullMarked;
