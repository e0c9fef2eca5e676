package io.konnectproxy.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "1, 1",
        "4, 1",
        "5, 2",
        "9, 2",
        "24, 5",
        "25, 10",
        "691, 200",
        "12000, 5000",
        "9223372036854775807, 2000000000000000000"
    })
    void reaches_a_value_in_few_round_steps(long value, long step) {
        assertThat(Axis.step(value, 4)).isEqualTo(step);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 1",
                "9000 | 9,000",
                "10000 | 10k",
                "15000 | 15k",
                "10500 | 10,500",
                "1000000 | 1M",
                "1500000 | 1.5M",
                "100000000 | 100M"
            })
    void writes_values_short(long value, String words) {
        assertThat(Axis.value(value)).isEqualTo(words);
    }
}
