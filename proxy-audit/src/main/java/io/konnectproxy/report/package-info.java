/**
 * Computes the figures of an audit trail: what needs attention, what is known of its integrity, counts, rankings, the time line.
 * Start at {@link io.konnectproxy.report.ReportBuilder}, which takes line after line, at {@link
 * io.konnectproxy.report.TrailReading}, which reads and verifies them in one pass, and at {@link
 * io.konnectproxy.report.AuditReport}, which is built. It contains text for people only where all formats have it: reasons,
 * findings, and the grounds of claims. It must not know output formats or the command line.
 */
@NullMarked
package io.konnectproxy.report;

import org.jspecify.annotations.NullMarked;
