/**
 * The figures of an audit trail: counts, rankings, the time line, and what is known of missing lines. Start at
 * {@link io.konnectproxy.report.ReportBuilder}, which takes line after line, and at {@link io.konnectproxy.report.AuditReport},
 * which it builds. Nothing here is worded for people but the reason why a line or a file was not read. The trail is not
 * verified here; {@code audit verify} does that. Knows nothing of formats, of the command line or of who writes the report.
 */
@NullMarked
package io.konnectproxy.report;

import org.jspecify.annotations.NullMarked;
