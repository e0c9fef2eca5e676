package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.mirror.MirrorTarget;
import io.konnectproxy.mirror.MirrorUrl;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors and rotation of a running journal are changed without a line lost. */
class JournalChangeTest {
    private static final Rotation NEVER =
            new Rotation(Optional.empty(), false, false, Optional.empty(), Optional.empty(), Optional.empty());

    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy").expecting("The mirror ");

    @TempDir
    private Path directory;

    private AuditSettings settings(Rotation rotation, List<MirrorTarget> mirrors) {
        return new AuditSettings(
                Optional.of(file().toString()),
                AuditSettings.Stdout.OFF,
                AuditSettings.OnFailure.REFUSE,
                AuditSettings.Durability.OS,
                rotation,
                Optional.empty(),
                mirrors,
                Optional.empty());
    }

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    private static void record(Journal journal, String version) throws Exception {
        journal.record(new AuditRecord.Start(Instant.EPOCH, version, "here"))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static MirrorTarget mirror(ServerSocket receiver) {
        return new MirrorTarget(
                new MirrorUrl(MirrorUrl.Protocol.SYSLOG_TCP, "127.0.0.1", receiver.getLocalPort(), ""),
                Optional.empty());
    }

    private static ServerSocket receiver() throws Exception {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static String awaitText(Socket from, String containing) throws Exception {
        from.setSoTimeout(10_000);
        // Messages are framed by their length, so there are no ends of lines to wait for.
        StringBuilder read = new StringBuilder();
        while (read.indexOf(containing) < 0) {
            int next = from.getInputStream().read();
            assertThat(next).as("the end, after %s", read).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }

    @Test
    void lines_go_to_a_new_mirror_from_the_change_on_and_no_longer_to_one_that_is_gone() throws Exception {
        try (ServerSocket first = receiver();
                ServerSocket second = receiver();
                Journal journal = Journal.open("here", settings(NEVER, List.of(mirror(first))))) {
            record(journal, "one");
            try (Socket toFirst = first.accept()) {
                awaitText(toFirst, "\"one\"");
                assertThat(journal.change(settings(NEVER, List.of(mirror(second)))))
                        .isTrue();
                record(journal, "two");
                try (Socket toSecond = second.accept()) {
                    assertThat(awaitText(toSecond, "\"two\"")).doesNotContain("\"one\"");
                }
                // The one that is gone has its end, and nothing of what came after it.
                assertThat(new String(toFirst.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .doesNotContain("\"two\"");
            }
            assertThat(Files.readString(file())).contains("\"one\"", "\"two\"").doesNotContain("\"event\":\"mirror\"");
        }
    }

    @Test
    void what_a_mirror_that_is_gone_could_not_send_is_said() throws Exception {
        MirrorTarget nowhere;
        try (ServerSocket closed = receiver()) {
            nowhere = mirror(closed);
        }
        try (Journal journal = Journal.open("here", settings(NEVER, List.of(nowhere)))) {
            record(journal, "one");
            assertThat(journal.change(settings(NEVER, List.of()))).isTrue();
            Await.until("the loss is said", () -> text().contains("\"event\":\"mirror\""));
            assertThat(text()).contains("\"missed\":1");
        }
    }

    @Test
    void rotation_is_that_of_the_change() throws Exception {
        Rotation small =
                new Rotation(Optional.of(1L), false, false, Optional.of(1), Optional.empty(), Optional.empty());
        try (Journal journal = Journal.open("here", settings(NEVER, List.of()))) {
            record(journal, "one");
            record(journal, "two");
            assertThat(files()).isEqualTo(1);
            assertThat(journal.change(settings(small, List.of()))).isTrue();
            record(journal, "three");
            assertThat(files()).isEqualTo(2);
            record(journal, "four");
            Await.until("one finished file is kept", () -> text().contains("\"event\":\"removed\""));
            assertThat(journal.change(settings(NEVER, List.of()))).isTrue();
        }
    }

    /** Nothing in the moment between a finished file and the next one. */
    private String text() {
        try {
            return Files.readString(file());
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long files() throws Exception {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(each -> String.valueOf(each.getFileName()).endsWith(".jsonl"))
                    .count();
        }
    }

    @Test
    void an_ended_journal_changes_nothing() throws Exception {
        Journal journal = Journal.open("here", settings(NEVER, List.of()));
        journal.close();
        assertThat(journal.change(settings(NEVER, List.of()))).isFalse();
    }
}
