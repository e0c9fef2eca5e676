/**
 * Computes the figures of an audit trail: counts, rankings, the time line, and what is known about missing lines. Start
 * at {@link io.konnectproxy.report.ReportBuilder}, which takes line after line, and at {@link
 * io.konnectproxy.report.AuditReport}, which it builds. It contains no text for people except the reasons why a line or
 * a file was not read. It does not verify the trail; {@code audit verify} does that. It must not know output formats or
 * the command line.
 */
@NullMarked
package io.konnectproxy.report;

import org.jspecify.annotations.NullMarked;
