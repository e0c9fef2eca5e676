/**
 * What an audit trail amounts to, for a reader who was not there. Start at {@link io.konnectproxy.report.ReportBuilder}, which
 * is fed line after line, and at {@link io.konnectproxy.report.AuditReport}, which it becomes. Proves nothing about the
 * trail, which is the task of {@code audit verify}, and knows nothing of the command line.
 */
@NullMarked
package io.konnectproxy.report;

import org.jspecify.annotations.NullMarked;
