/**
 * What Konnect is: the only place that knows how its host names are built. Start at
 * {@link io.konnectproxy.konnect.KonnectCatalog}. The table itself is data ({@code config/konnect-hosts.yaml}); this
 * package knows nothing of what an operator has switched on.
 */
@NullMarked
package io.konnectproxy.konnect;

import org.jspecify.annotations.NullMarked;
