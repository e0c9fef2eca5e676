/**
 * Health and readiness on a port of their own. Start at {@link io.konnectproxy.server.admin.AdminServer}. Can look, cannot
 * change anything.
 */
@NullMarked
package io.konnectproxy.server.admin;

import org.jspecify.annotations.NullMarked;
