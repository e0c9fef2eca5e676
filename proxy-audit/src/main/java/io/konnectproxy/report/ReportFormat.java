package io.konnectproxy.report;

import java.io.PrintWriter;

/** What a report is written as. */
public enum ReportFormat {
    /** For a terminal or a mail: at most 100 columns. */
    TEXT {
        @Override
        void write(AuditReport report, PrintWriter out) {
            TextReport.write(report, out);
        }
    },
    /** For a program. */
    JSON {
        @Override
        void write(AuditReport report, PrintWriter out) {
            JsonReport.write(report, out);
        }
    },
    /** One page without anything from elsewhere. */
    HTML {
        @Override
        void write(AuditReport report, PrintWriter out) {
            HtmlReport.write(report, out);
        }
    };

    abstract void write(AuditReport report, PrintWriter out);
}
