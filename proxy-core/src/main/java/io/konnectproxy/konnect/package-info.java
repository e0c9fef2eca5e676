/**
 * The host names of Konnect: only this package knows how they are built. Start at
 * {@link io.konnectproxy.konnect.KonnectCatalog}. The table itself is data ({@code config/konnect-hosts.yaml}). The package does
 * not know which hosts are enabled.
 */
@NullMarked
package io.konnectproxy.konnect;

import org.jspecify.annotations.NullMarked;
