/**
 * Health and readiness on a port of their own. Start at {@link io.konnectproxy.server.admin.AdminServer}. The port only reads
 * state and changes none.
 */
@NullMarked
package io.konnectproxy.server.admin;

import org.jspecify.annotations.NullMarked;
