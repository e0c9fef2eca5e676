package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.support.LogCapture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What counts as written, and what is left of what does not. */
class LineChannelTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.journal").expecting("4 bytes of ");

    @TempDir
    private Path directory;

    private FaultyChannel disk;

    @BeforeEach
    void open() throws IOException {
        disk = new FaultyChannel(file());
    }

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    private static ByteBuffer lines(String lines) {
        return ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void of_a_trail_on_the_disk_lines_count_once_they_are_synced_all_with_one_sync() {
        Append append = LineChannel.toFile(disk, Durability.DISK, 0).append(lines("a\nb\nc\n"));
        assertThat(append.kept()).isEqualTo(6);
        assertThat(disk.done).containsExactly("write 6", "sync");
    }

    @Test
    void of_any_other_they_count_once_they_are_written() {
        Append append = LineChannel.toFile(disk, Durability.OS, 0).append(lines("a\nb\n"));
        assertThat(append.kept()).isEqualTo(4);
        assertThat(disk.done).containsExactly("write 4");
    }

    /** After a failed sync it is not known what is on the disk, and another sync would not show it. */
    @Test
    void lines_that_could_not_be_synced_are_taken_back_and_written_anew() throws IOException {
        LineChannel channel = LineChannel.toFile(disk, Durability.DISK, 0);
        channel.append(lines("before\n"));
        disk.syncFails = true;
        Append failed = channel.append(lines("a\nb\n"));
        assertThat(failed.kept()).isZero();
        assertThat(failed.problem()).get().extracting(Throwable::getMessage).isEqualTo("Input/output error");
        assertThat(file()).hasContent("before\n");
        assertThat(channel.isSound()).isTrue();

        disk.syncFails = false;
        assertThat(channel.append(lines("a\n")).kept()).isEqualTo(2);
        assertThat(file()).hasContent("before\na\n");
    }

    @ParameterizedTest
    @EnumSource
    void of_lines_that_find_no_room_the_whole_ones_stay_and_count(Durability durability) throws IOException {
        LineChannel channel = LineChannel.toFile(disk, durability, 0);
        disk.room = 5;
        Append append = channel.append(lines("a\nb\nlong\n"));
        assertThat(append.kept()).isEqualTo(4);
        assertThat(append.problem()).isPresent();
        assertThat(file()).hasContent("a\nb\n");
        assertThat(channel.isSound()).isTrue();
        assertThat(disk.done.get(disk.done.size() - 1)).isEqualTo(durability == Durability.DISK ? "sync" : "cut to 4");
    }

    @Test
    void whole_lines_of_a_disk_that_neither_has_room_nor_syncs_do_not_count() throws IOException {
        LineChannel channel = LineChannel.toFile(disk, Durability.DISK, 0);
        disk.room = 5;
        disk.syncFails = true;
        assertThat(channel.append(lines("a\nb\nlong\n")).kept()).isZero();
        assertThat(channel.isSound()).as("lines are there that do not count").isFalse();
        assertThat(channel.length()).isZero();
    }

    @Test
    void what_cannot_be_cut_off_is_known_to_be_there() throws IOException {
        LineChannel channel = LineChannel.toFile(disk, Durability.OS, 0);
        disk.room = 5;
        disk.cutFails = true;
        assertThat(channel.append(lines("a\nb\nlong\n")).kept()).isEqualTo(4);
        assertThat(channel.isSound()).isFalse();
        assertThat(channel.length()).isEqualTo(4);
    }

    @Test
    void on_a_device_the_next_line_after_a_torn_one_begins_anew() {
        LineChannel channel = LineChannel.toDevice(disk);
        disk.room = 3;
        channel.append(lines("a\nbc\n"));
        disk.room = Integer.MAX_VALUE;
        channel.append(lines("d\n"));
        assertThat(file()).hasContent("a\nb\nd\n");
    }

    /** What stands behind a stranger's bytes is cut off with them, so it must not count before. */
    @Test
    void lines_behind_what_somebody_else_wrote_do_not_count() throws IOException {
        LineChannel channel = LineChannel.toFile(disk, Durability.OS, 0);
        channel.append(lines("a\n"));
        Files.writeString(file(), "stranger\n", StandardOpenOption.APPEND);
        Append append = channel.append(lines("b\n"));
        assertThat(append.kept()).isZero();
        assertThat(append.problem()).isPresent();
        assertThat(channel.length()).isEqualTo(2);
        assertThat(channel.isSound()).isFalse();
    }

    @Test
    void nor_do_those_of_them_that_found_room() throws IOException {
        LineChannel channel = LineChannel.toFile(disk, Durability.OS, 0);
        channel.append(lines("a\n"));
        Files.writeString(file(), "stranger\n", StandardOpenOption.APPEND);
        disk.room = 3;
        assertThat(channel.append(lines("b\nc\n")).kept()).isZero();
        assertThat(channel.length()).isEqualTo(2);
    }

    /** Else each attempt of an outage would leave another copy. */
    @Test
    void what_cannot_be_cut_off_is_not_kept_aside_either() throws IOException {
        TrailDirectory trail = new TrailDirectory(file(), Durability.OS);
        Files.writeString(file(), "a\ntorn");
        disk.cutFails = true;
        assertThatThrownBy(() -> trail.cutAside(2, "torn", Records.TIME, disk::truncate))
                .isInstanceOf(IOException.class);
        assertThat(Trails.named(directory, "audit.jsonl.torn-")).isEmpty();
        disk.cutFails = false;
        assertThat(trail.cutAside(2, "torn", Records.TIME, disk::truncate).bytes())
                .isEqualTo(4);
        assertThat(file()).hasContent("a\n");
    }
}
