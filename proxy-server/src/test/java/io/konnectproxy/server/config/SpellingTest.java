package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest(name = "{0} is meant for {1}")
    @CsvSource(nullValues = "-", textBlock = """
        timeout,            timeouts
        tiemouts,           timeouts
        TIMEOUTS,           timeouts
        permit_addresses,   permit-addresses
        permitted-address,  permit-addresses
        su,                 us
        perm,               permit-addresses
        per,                -
        eu-west,            -
        tls,                -
        xxxxxxxx,           -
        '',                 -
        """)
    void finds_the_nearest(String word, String nearest) {
        List<String> known = List.of("timeouts", "permit-addresses", "us", "listen", "regions");

        assertThat(Spelling.nearest(word, known).orElse(null)).isEqualTo(nearest);
    }

    @ParameterizedTest
    @CsvSource({"a, a, 0", "'', abc, 3", "abc, acb, 1", "kitten, sitting, 3", "abc, abd, 1"})
    void counts_edits(String a, String b, int edits) {
        assertThat(Spelling.distance(a, b)).isEqualTo(edits);
    }
}
