package io.konnectproxy.trail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is followed while a crash and a start change the end of the file. */
class TrailFollowerTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest(name = "looked at between truncating and going on: {0}")
    @ValueSource(booleans = {true, false})
    void a_torn_end_that_a_start_takes_out_repeats_nothing_and_hides_nothing(boolean lookedAt) throws Exception {
        Path file = Files.writeString(directory.resolve("t.jsonl"), "first\nsecond\n");
        try (TrailFollower trail = TrailFollower.open(file, 1, line -> true)) {
            assertThat(trail.next()).contains("second");
            long whole = Files.size(file);
            Files.writeString(file, "to", StandardOpenOption.APPEND);
            assertThat(trail.next()).isEmpty();

            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
            if (lookedAt) {
                assertThat(trail.next()).isEmpty();
            }
            Files.writeString(file, "third\nfourth\n", StandardOpenOption.APPEND);

            assertThat(trail.next()).contains("third");
            assertThat(trail.next()).contains("fourth");
            assertThat(trail.next()).isEmpty();
        }
    }
}
