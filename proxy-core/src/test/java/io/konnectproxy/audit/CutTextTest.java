package io.konnectproxy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutTextTest {
    @ParameterizedTest
    @CsvSource({
        "abcdefgh, abcdefgh",
        "abcdefghi, abcde...",
        // A cut, and a client, may leave half of a pair.
        "abcd\ud83d\ude00efgh, abcd\ufffd...",
        "abc\ud83d\ude00efgh, abc\ud83d\ude00...",
        "ab\ud83d\ude00, ab\ud83d\ude00",
        "a\ud800b, a\ufffdb",
        "a\ude00b, a\ufffdb",
        "\ude00\ud83d, \ufffd\ufffd"
    })
    void a_text_is_cut_to_eight_characters_and_has_whole_characters_only(String text, String cut) {
        assertThat(CutText.of(text, 8)).isEqualTo(cut);
    }
}
