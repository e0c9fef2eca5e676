package io.konnectproxy.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpositionFormatTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "what nothing says              | ''                                                       | PROMETHEUS_TEXT",
                "what curl says                 | */*                                                      | PROMETHEUS_TEXT",
                "a browser                      | text/html,application/xml;q=0.9,*/*;q=0.8                | PROMETHEUS_TEXT",
                "Prometheus 2.42                | application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1 | OPEN_METRICS",
                "Prometheus 3                   | application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1 | OPEN_METRICS",
                "Prometheus that wants protobuf | application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;version=0.0.4;q=0.3,*/*;q=0.1 | PROMETHEUS_TEXT",
                "OpenMetrics without a version  | application/openmetrics-text                             | OPEN_METRICS",
                "in capitals, with blanks       | Application/OpenMetrics-Text ; Version = \"1.0.0\"       | OPEN_METRICS",
                "OpenMetrics of another version | application/openmetrics-text;version=2.0.0               | PROMETHEUS_TEXT",
                "rather the text                | application/openmetrics-text;q=0.2,text/plain;q=0.8      | PROMETHEUS_TEXT",
                "both alike                     | text/plain,application/openmetrics-text                  | OPEN_METRICS",
                "anything but OpenMetrics       | application/openmetrics-text;q=0,*/*                     | PROMETHEUS_TEXT",
                "a quality that is no number    | application/openmetrics-text;q=much                      | PROMETHEUS_TEXT",
                "a quality that is not a number | application/openmetrics-text;q=NaN                       | PROMETHEUS_TEXT",
                "nothing but separators         | ',;,;=,;q=;'                                             | PROMETHEUS_TEXT"
            })
    void is_the_one_for(String who, String accept, ExpositionFormat format) {
        assertThat(ExpositionFormat.preferred(List.of(accept))).isEqualTo(format);
    }

    @Test
    void all_fields_of_a_request_count() {
        assertThat(ExpositionFormat.preferred(List.of("text/plain;q=0.5", "application/openmetrics-text")))
                .isEqualTo(ExpositionFormat.OPEN_METRICS);
        assertThat(ExpositionFormat.preferred(List.of())).isEqualTo(ExpositionFormat.PROMETHEUS_TEXT);
    }
}
