package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import java.io.PrintWriter;

/** The output formats of a report. */
public enum ReportFormat {
    /** Text for a terminal or a mail, with at most 100 columns. */
    TEXT {
        @Override
        public void render(AuditReport report, PrintWriter out) {
            TextReport.write(report, out);
        }
    },
    /** JSON for a program. */
    JSON {
        @Override
        public void render(AuditReport report, PrintWriter out) {
            JsonReport.write(report, out);
        }
    },
    /** One page without external resources. */
    HTML {
        @Override
        public void render(AuditReport report, PrintWriter out) {
            HtmlReport.write(report, out);
        }
    };

    /**
     * Writes a report.
     *
     * @param out is not closed
     */
    public abstract void render(AuditReport report, PrintWriter out);
}
