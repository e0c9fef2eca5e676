/**
 * Maps an event of the trail to what a SIEM expects: OCSF, or ECS. Start at {@link io.konnectproxy.siem.LineFormat}. The package
 * knows neither files nor receivers. {@code docs/audit.md} has the mapping as a table.
 */
@NullMarked
package io.konnectproxy.siem;

import org.jspecify.annotations.NullMarked;
