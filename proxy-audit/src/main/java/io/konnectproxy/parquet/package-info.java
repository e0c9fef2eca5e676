/**
 * Writes Parquet files: flat rows, encoded and compressed with the JDK alone (decision 24). Start at {@link
 * io.konnectproxy.parquet.ParquetWriter}. The package does not know what the rows are.
 */
@NullMarked
package io.konnectproxy.parquet;

import org.jspecify.annotations.NullMarked;
