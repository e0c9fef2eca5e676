/**
 * Liveness and readiness probes and metrics on a separate port. Start at {@link io.konnectproxy.server.admin.AdminServer}. The port
 * only reads state and changes none.
 */
@NullMarked
package io.konnectproxy.server.admin;

import org.jspecify.annotations.NullMarked;
