/**
 * Sets up standard error and standard output. Logback finds and starts {@link io.konnectproxy.log.ShippedLog} by
 * itself. {@link io.konnectproxy.log.AuditStream} changes the form of audit lines for a terminal. The package uses
 * Logback, and of this program only the mirror's appender, which counts the printed lines.
 */
@NullMarked
package io.konnectproxy.log;

import org.jspecify.annotations.NullMarked;
