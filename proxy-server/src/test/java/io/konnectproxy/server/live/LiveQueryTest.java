package io.konnectproxy.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveQueryTest {
    private static final String LONG = "12345678901234567890123456789012345678901234567890123456789012345";

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
        '', '', RATE, false
        find=, '', RATE, false
        find=DP-a, dp-a, RATE, false
        find=a%20b+c, a b c, RATE, false
        find=%C3%9C%F0%9F%98%80, ü😀, RATE, false
        sort=age, '', AGE, false
        sort=-host&find=10.0, 10.0, HOST, true
        find=%3Cscript%3E&sort=user, <script>, USER, false
        """)
    void reads(String text, String find, TunnelOrder order, boolean reversed) {
        assertThat(LiveQuery.parse(text)).isEqualTo(new LiveQuery(find, order, reversed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "find=%",
                "find=%4",
                "find=%zz",
                "find=%ff",
                "find=%c3",
                "find=%ed%a0%80",
                "find=\u00fc",
                "find=a b",
                "find=" + LONG,
                "sort=",
                "sort=-",
                "sort=--age",
                "sort=AGE",
                "sort=bytes",
                "find=a&find=b",
                "sort=age&sort=age",
                "other=1",
                "&",
                "find=a&",
                "find"
            })
    void refuses_with_a_sentence_that_repeats_nothing(String text) {
        assertThatThrownBy(() -> LiveQuery.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isIn(
                        "find must be at most 64 characters of percent-encoded UTF-8.",
                        "sort must be one of rate, age, up, down, client, user, host, with - before it to reverse the order.",
                        "There are find and sort, each at most once.");
    }

    @Test
    void finds_whatever_the_case() {
        assertThat(LiveQuery.parse("find=PAY").finds("10.0.0.7\ndp-payments")).isTrue();
        assertThat(LiveQuery.parse("find=pay").finds("10.0.0.7")).isFalse();
        assertThat(LiveQuery.ALL.finds("")).isTrue();
    }
}
