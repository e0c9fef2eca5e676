package io.konnectproxy.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.doctor.StepReport.Grade;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditPlaceTest {
    private static final long MEBI = 1L << 20;

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "enough room,         true,  konnect, konnect, 1000, OK,   1000 MiB of room",
        "less than a file,    true,  konnect, konnect, 100,  WARN, less than one audit file may have",
        "no room,             true,  konnect, konnect, 3,    FAIL, 3 MiB of room",
        "root for another,    true,  konnect, root,    1000, WARN, but this is root",
        "root for itself,     true,  root,    root,    1000, OK,   It can be written by root",
        "may not write,       false, root,    konnect, 1000, FAIL, The user konnect may not write there"
    })
    void diagnoses(String name, boolean writable, String owner, String user, long room, Grade grade, String came) {
        AuditPlace place = new AuditPlace(
                directory.resolve("audit.jsonl"),
                directory,
                writable,
                owner,
                user,
                room * MEBI,
                Optional.of(256 * MEBI));
        StepReport report = new StepReport(DoctorStep.AUDIT, Optional.empty(), name, place.diagnose(), Duration.ZERO);
        assertThat(report.grade()).isEqualTo(grade);
        assertThat(report.diagnosis().came()).contains(came);
        assertThat(report.next().isPresent()).isEqualTo(grade != Grade.OK);
    }

    @Test
    void a_directory_that_is_not_there_yet_is_not_made() throws Exception {
        AuditPlace place = AuditPlace.of(directory.resolve("a/b/audit.jsonl").toString(), Optional.empty());
        assertThat(place.directory()).isEqualTo(directory);
        assertThat(place.diagnose()).isInstanceOf(Diagnosis.Fine.class);
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
