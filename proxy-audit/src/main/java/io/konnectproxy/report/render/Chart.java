package io.konnectproxy.report.render;

import java.io.PrintWriter;

/** A drawing of figures, which the section that owns it places at its end. */
interface Chart {
    void writeHtml(Markup html);

    /**
     * Draws with characters.
     *
     * @param width columns that a line has at most
     */
    void writeText(PrintWriter out, int width);

    /** Whether it draws a table of the section before it again: the page has it, the list of contents and the text do not. */
    boolean isIllustration();
}
