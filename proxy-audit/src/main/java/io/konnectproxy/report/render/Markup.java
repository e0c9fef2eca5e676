package io.konnectproxy.report.render;

import java.io.PrintWriter;

/** Writes HTML. Text becomes markup only here, where it is always escaped. */
final class Markup {
    private final PrintWriter out;

    Markup(PrintWriter out) {
        this.out = out;
    }

    /**
     * @param attributes names and values, alternating
     */
    Markup open(String tag, String... attributes) {
        out.print('<');
        out.print(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.print(' ');
            out.print(attributes[i]);
            out.print("=\"");
            text(attributes[i + 1]);
            out.print('"');
        }
        out.print('>');
        return this;
    }

    Markup close(String tag) {
        out.print("</");
        out.print(tag);
        out.println('>');
        return this;
    }

    Markup element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close(tag);
    }

    Markup text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.print("&amp;");
                case '<' -> out.print("&lt;");
                case '>' -> out.print("&gt;");
                case '"' -> out.print("&quot;");
                case '\'' -> out.print("&#39;");
                case '`' -> out.print("&#96;");
                default -> {
                    // Escaped, so that the page is correct in any encoding that it is written in.
                    if (c < 0x7f) {
                        out.print(c);
                    } else {
                        out.print("&#" + (int) c + ";");
                    }
                }
            }
        }
        return this;
    }

    /** Text of the program that is written unescaped: the style sheet, whose hash must match. */
    void raw(String text) {
        out.print(text);
    }
}
