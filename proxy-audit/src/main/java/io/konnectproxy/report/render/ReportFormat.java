package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import java.io.PrintWriter;

/** What a report is shown as. */
public enum ReportFormat {
    /** For a terminal or a mail: at most 100 columns. */
    TEXT {
        @Override
        public void render(AuditReport report, PrintWriter out) {
            TextReport.write(report, out);
        }
    },
    /** For a program. */
    JSON {
        @Override
        public void render(AuditReport report, PrintWriter out) {
            JsonReport.write(report, out);
        }
    },
    /** One page without anything from elsewhere. */
    HTML {
        @Override
        public void render(AuditReport report, PrintWriter out) {
            HtmlReport.write(report, out);
        }
    };

    /**
     * Writes a report. Opens and closes nothing.
     *
     * @param out stays open
     */
    public abstract void render(AuditReport report, PrintWriter out);
}
