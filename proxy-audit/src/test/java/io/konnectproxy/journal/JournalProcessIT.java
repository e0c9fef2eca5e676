package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class JournalProcessIT {
    @TempDir
    private Path directory;

    private String log() throws IOException {
        return Files.readString(directory.resolve("stderr"));
    }

    @Test
    void without_a_file_standard_output_is_the_trail() throws Exception {
        Process process =
                JournalProcess.start("", directory, "-", "true", "3000").start();
        List<String> lines = process.inputReader().lines().toList();
        assertThat(process.waitFor()).isZero();
        assertThat(lines)
                .hasSize(3000)
                .allMatch(line -> line.startsWith("{\"v\":2,\"trail\":\"") && line.endsWith("}"));
    }

    @Test
    void a_closed_standard_output_is_an_unavailable_trail_where_it_is_the_trail() throws Exception {
        Process process =
                JournalProcess.start("exec >&-;", directory, "-", "true", "3").start();
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(log()).containsOnlyOnce("Standard output, which is the audit trail, cannot be written: ");
    }

    @Test
    void a_closed_standard_output_does_no_harm_to_the_file() throws Exception {
        Process process = JournalProcess.start("exec >&- 2>&-;", directory, "audit.jsonl", "true", "3000")
                .start();
        assertThat(process.waitFor()).isZero();
        assertThat(Files.readAllLines(directory.resolve("audit.jsonl"))).hasSize(3000);
    }

    @Test
    void the_mirror_has_printed_its_last_line_when_the_journal_is_closed() throws Exception {
        Process process = JournalProcess.start("", directory, "audit.jsonl", "true", "3000")
                .start();
        List<String> printed = process.inputReader().lines().toList();
        assertThat(process.waitFor()).isZero();
        assertThat(printed)
                .isEqualTo(Files.readAllLines(directory.resolve("audit.jsonl")))
                .hasSize(3000);
    }

    /** With a limit on the size of files the kernel writes what fits and then no more: as on a full disk. */
    @Test
    void a_line_that_fits_only_in_part_is_cut_off_again() throws Exception {
        Process process = JournalProcess.start("ulimit -f 64;", directory, "audit.jsonl", "false", "3000")
                .start();
        assertThat(process.waitFor()).isEqualTo(1);
        Path file = directory.resolve("audit.jsonl");
        assertThat(Files.size(file)).isBetween(1L, 64 * 1024L);
        assertThat(Files.readString(file)).endsWith("}\n");
        assertThat(Files.readAllLines(file))
                .hasSizeGreaterThan(10)
                .allMatch(line -> line.startsWith("{\"v\":2,\"trail\":\"") && line.endsWith("}"));
        assertThat(log()).containsOnlyOnce("cannot be written: file too large.");
    }
}
