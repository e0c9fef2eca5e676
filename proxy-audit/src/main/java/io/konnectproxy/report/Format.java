package io.konnectproxy.report;

import java.io.PrintWriter;

/** What a report is written as. */
public enum Format {
    /** For a terminal or a mail: at most 100 columns. */
    TEXT {
        @Override
        void write(Report report, PrintWriter out) {
            TextReport.write(report, out);
        }
    },
    /** For a program. */
    JSON {
        @Override
        void write(Report report, PrintWriter out) {
            JsonReport.write(report, out);
        }
    },
    /** One page without anything from elsewhere. */
    HTML {
        @Override
        void write(Report report, PrintWriter out) {
            HtmlReport.write(report, out);
        }
    };

    abstract void write(Report report, PrintWriter out);
}
