/**
 * How a report is shown: as text, as a page, as JSON. Start at {@link io.konnectproxy.report.render.ReportFormat}, and for
 * what people read at {@code Contents}, which puts the sections in their order. Adds nothing up, opens no file, and writes
 * only to the writer that it is given.
 */
@NullMarked
package io.konnectproxy.report.render;

import org.jspecify.annotations.NullMarked;
