package io.konnectproxy.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.target.HostNameReading.Unreadable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostNameTest {
    @ParameterizedTest
    @CsvSource({
        "'', The host name is empty.",
        "a..b, The host name has an empty label.",
        ".a, The host name has an empty label.",
        "a., The host name has an empty label.",
        "-a.b, The host name has a label that begins or ends with a hyphen.",
        "a.b-, The host name has a label that begins or ends with a hyphen.",
        "a_b, 'The host name may have letters, digits, hyphens and dots only.'",
        "a b, 'The host name may have letters, digits, hyphens and dots only.'",
        "kön.g, 'The host name may have letters, digits, hyphens and dots only.'"
    })
    void says_what_is_wrong_with_a_name(String text, String problem) {
        assertThat(HostName.read(text)).isEqualTo(new Unreadable(problem));
        assertThatThrownBy(() -> HostName.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
    }

    @Test
    void says_what_is_too_long() {
        assertThat(HostName.read("a".repeat(64)))
                .isEqualTo(new Unreadable("The host name has a label of more than 63 characters."));
        assertThat(HostName.read("a.".repeat(127)))
                .isEqualTo(new Unreadable("The host name is longer than 253 characters."));
    }

    @Test
    void names_that_differ_in_letter_case_are_one() {
        assertThat(HostName.of("CLOUD.KongHQ.com"))
                .isEqualTo(HostName.of("cloud.konghq.com"))
                .hasSameHashCodeAs(HostName.of("cloud.konghq.com"))
                .hasToString("cloud.konghq.com")
                .isNotEqualTo(HostName.of("clouds.konghq.com"));
    }

    @Test
    void has_its_labels_from_left_to_right() {
        assertThat(HostName.of("us.api.konghq.com").labels()).containsExactly("us", "api", "konghq", "com");
        assertThat(HostName.of("localhost").labels()).containsExactly("localhost");
    }

    @Test
    void is_ordered_as_its_text() {
        assertThat(Stream.of("b.a", "a.b", "a").map(HostName::of).sorted())
                .containsExactly(HostName.of("a"), HostName.of("a.b"), HostName.of("b.a"));
    }
}
