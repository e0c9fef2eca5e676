/**
 * Writes a report as text, as an HTML page or as JSON. Start at {@link io.konnectproxy.report.render.ReportFormat}, and
 * for text and page at {@code Contents}, which has the sections in their order. It computes no figures, opens no file,
 * and writes only to the given writer.
 */
@NullMarked
package io.konnectproxy.report.render;

import org.jspecify.annotations.NullMarked;
