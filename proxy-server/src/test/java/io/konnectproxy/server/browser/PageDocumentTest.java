package io.konnectproxy.server.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.live.LiveDocument;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The live page can be read by a strict content security policy, and has no way to make markup of what it shows. */
class PageDocumentTest {
    private static final String PAGE = new String(LiveDocument.read().html(), UTF_8);

    @ParameterizedTest
    @ValueSource(strings = {"style", "script"})
    void it_has_one_such_element_without_attributes(String element) {
        assertThat(PAGE).containsOnlyOnce("<" + element).contains("<" + element + ">");
        assertThat(PAGE).containsOnlyOnce("</" + element);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "DOMParser",
                "createContextualFragment",
                "srcdoc",
                "eval(",
                "Function(",
                "localStorage",
                "XMLHttpRequest",
                "fetch(",
                "sendBeacon",
                "@import",
                "url(",
                "<form",
                "<iframe",
                "<img",
                "<object",
                "animation",
                "transition"
            })
    void it_has_none_of(String what) {
        assertThat(PAGE).doesNotContain(what);
    }

    @Test
    void its_markup_has_neither_styles_nor_handlers_inside_nor_addresses_elsewhere() {
        String markup = PAGE.replaceAll("(?s)<(style|script)>.*?</\\1>", "");
        assertThat(markup).doesNotContainPattern(Pattern.compile("\\s(style|on[a-z]+)\\s*=", Pattern.CASE_INSENSITIVE));
        List<String> references = Pattern.compile("(?:src|href|action)=\"([^\"]*)\"")
                .matcher(markup)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(references).isNotEmpty().allMatch(to -> to.startsWith("#") || to.equals("data:,"));
        assertThat(PAGE).doesNotContain("http://").doesNotContain("https://");
    }

    @Test
    void each_id_stands_once_and_what_refers_to_one_finds_it() {
        List<String> ids = Pattern.compile("\\sid=\"([^\"]*)\"")
                .matcher(PAGE)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(Pattern.compile(
                                "(?:aria-labelledby|aria-describedby|for|href)=\"#?([a-z-]+)\"|element\\('([a-z-]+)'\\)")
                        .matcher(PAGE)
                        .results()
                        .map(match -> match.group(1) == null ? match.group(2) : match.group(1)))
                .hasSizeGreaterThan(40)
                .allMatch(ids::contains);
    }
}
