package io.konnectproxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a collector says that it did not want, in its own words and in nonsense. */
class PartialSuccessTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 300, 1L << 40, Long.MAX_VALUE})
    void reads_what_opentelemetry_writes(long rejected) {
        ExportLogsPartialSuccess partial = ExportLogsPartialSuccess.newBuilder()
                .setErrorMessage("x".repeat(200))
                .setRejectedLogRecords(rejected)
                .build();
        assertThat(PartialSuccess.rejected(ExportLogsServiceResponse.newBuilder()
                        .setPartialSuccess(partial)
                        .build()
                        .toByteArray()))
                .isEqualTo(rejected);
    }

    @Test
    void a_warning_rejects_nothing() {
        assertThat(PartialSuccess.rejected(ExportLogsServiceResponse.newBuilder()
                        .setPartialSuccess(ExportLogsPartialSuccess.newBuilder().setErrorMessage("careful"))
                        .build()
                        .toByteArray()))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "7b7d, 0", // {}
        "0a, 0", // no length
        "0a02, 0", // shorter than it says
        "0a0208, 0",
        "0aFFFFFFFFFFFFFFFFFF7F, 0",
        "0aFFFFFFFFFFFFFFFFFFFF01, 0",
        "0a0b08FFFFFFFFFFFFFFFFFF01, 0", // a negative number
        "0a020803, 3",
        "1201ff0a020803, 3", // an unknown field before it
        "08050a020803, 3",
        "0a05120178080300, 3",
        "0a0308030f, 3",
        "0d000000000a020803, 0" // a type that protobuf's responses here do not have
    })
    void nonsense_is_nothing(String hex, long rejected) {
        assertThat(PartialSuccess.rejected(HexFormat.of().parseHex(hex))).isEqualTo(rejected);
    }
}
