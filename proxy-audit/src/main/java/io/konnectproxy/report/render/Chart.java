package io.konnectproxy.report.render;

import java.io.PrintWriter;

/** A chart, at the end of its section. */
interface Chart {
    void writeHtml(Markup html);

    /**
     * Draws with characters.
     *
     * @param width the most characters of a line
     */
    void writeText(PrintWriter out, int width);

    /**
     * Whether it repeats a table of the section before it. Such a chart is only in the page, not in the contents and
     * the text.
     */
    boolean isIllustration();
}
