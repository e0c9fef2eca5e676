package io.konnectproxy.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Nothing that is written through it can become markup. */
class MarkupTest {
    private static final String HOSTILE = "<a href=\"x\" title='y'>&amp;`\u00fc\u202e";
    private static final String HARMLESS = "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&#96;&#252;&#8238;";

    private static String written(Consumer<Markup> writer) {
        StringWriter out = new StringWriter();
        writer.accept(new Markup(new PrintWriter(out)));
        return out.toString().strip();
    }

    @Test
    void escapes_text() {
        assertThat(written(html -> html.element("p", HOSTILE))).isEqualTo("<p>" + HARMLESS + "</p>");
    }

    @Test
    void escapes_the_values_of_attributes() {
        assertThat(written(html -> html.open("p", "title", HOSTILE))).isEqualTo("<p title=\"" + HARMLESS + "\">");
    }
}
