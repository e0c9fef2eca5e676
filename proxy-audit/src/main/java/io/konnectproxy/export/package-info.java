/**
 * Passes verified lines of trails on to other programs: as they are, as Parquet, or in the form of a SIEM. Start at {@link
 * io.konnectproxy.export.TrailExport}. The package does not know what its output is written to.
 */
@NullMarked
package io.konnectproxy.export;

import org.jspecify.annotations.NullMarked;
