package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.journal.AuditSettings.OnFailure;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes to standard output and standard error through the log as it is shipped. */
@Isolated("replaces the standard streams")
class StandardOutputMirrorIT {
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @BeforeEach
    void watch() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private Journal mirrored() throws JournalException {
        return Journal.open(
                "proxy-1", Audits.of(Optional.of(directory.resolve("a.jsonl").toString()), true, OnFailure.REFUSE));
    }

    @Test
    void shows_the_same_bytes_as_the_file_on_standard_output_only() throws Exception {
        try (Journal journal = mirrored()) {
            journal.record(Records.permitted("a"));
            journal.record(Records.permitted("b"));
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(Files.readString(directory.resolve("a.jsonl")))
                .contains("\"seq\":2,");
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("\"seq\"");
    }

    /** A reader that takes nothing until it is told to, and then everything. */
    private static final class Sleeper extends OutputStream {
        private final CountDownLatch awake = new CountDownLatch(1);
        private final AtomicInteger lines = new AtomicInteger();

        @Override
        public void write(int b) {
            if (awake.getCount() > 0) {
                sleep();
            }
            if (b == '\n') {
                lines.incrementAndGet();
            }
        }

        private void sleep() {
            try {
                assertThat(awake.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void a_reader_that_stands_still_delays_no_record_and_what_it_misses_is_counted() throws Exception {
        Sleeper reader = new Sleeper();
        System.setOut(new PrintStream(reader, true, StandardCharsets.UTF_8));
        int count = 30_000;
        Journal journal = mirrored();
        CompletableFuture<?>[] written = new CompletableFuture<?>[count];
        for (int i = 0; i < count; i++) {
            written[i] = journal.record(Records.permitted("x")).toCompletableFuture();
        }
        CompletableFuture.allOf(written).get(30, TimeUnit.SECONDS);
        journal.close();
        List<String> trail = Files.readAllLines(directory.resolve("a.jsonl"));
        assertThat(trail).hasSize(count + 1);
        // It missed the line that says so, too.
        assertThat(trail.get(count))
                .contains("\"event\":\"mirror\",\"mirror\":\"standard output\",\"missed\":" + (journal.unmirrored() - 1)
                        + ",");
        long shown = trail.size() - journal.unmirrored();

        reader.awake.countDown();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (reader.lines.get() < shown && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(reader.lines).hasValue(Math.toIntExact(shown));
    }

    @Test
    void a_message_to_the_operator_is_one_line_whatever_stands_in_it() {
        Logger log = LoggerFactory.getLogger(StandardOutputMirrorIT.class);
        log.warn("first\r\n2026 ERROR forged\u001b[2J\u2028end", new IllegalStateException("secret place"));
        assertThat(err.toString(StandardCharsets.UTF_8))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) WARN  "
                        + "first 2026 ERROR forged \\[2J end\\R");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void libraries_are_quiet() {
        LoggerFactory.getLogger("io.netty.channel.Something").info("chatter");
        LoggerFactory.getLogger("org.littleshoot.proxy.Something").warn("chatter");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
