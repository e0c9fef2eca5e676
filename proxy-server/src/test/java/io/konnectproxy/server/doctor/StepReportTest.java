package io.konnectproxy.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a portal, an issuer or a certificate's name says reaches a terminal escaped and bounded. */
class StepReportTest {
    private static final String HOSTILE = "\u001b[2J\u009b31m\r\nok    tls\u202e\u0007" + "x".repeat(10_000);

    static Stream<Diagnosis> hostile() {
        return Stream.of(new Fine(HOSTILE), new Doubtful(HOSTILE, HOSTILE), new Failing(HOSTILE, HOSTILE));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void every_text_is_printable_and_short(Diagnosis diagnosis) {
        StepReport report = new StepReport(DoctorStep.TLS, Optional.of(HOSTILE), HOSTILE, diagnosis, Duration.ZERO);
        assertThat(Stream.of(
                                report.subject(),
                                Optional.of(report.asked()),
                                Optional.of(report.diagnosis().came()),
                                report.next())
                        .flatMap(Optional::stream))
                .isNotEmpty()
                .allMatch(text -> text.length() <= 600 && text.chars().allMatch(c -> c >= ' ' && c <= '~'))
                .allMatch(text -> text.startsWith("\\u001b[2J\\u009b31m\\u000d\\u000aok    tls\\u202e\\u0007"));
    }
}
