package io.konnectproxy.trail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CheckThreadTest {
    /** As an exhausted memory throws one. */
    private static final class CheckError extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    void nobody_waits_for_a_thread_that_an_error_has_ended() {
        TrailBuilder trail = new TrailBuilder();
        trail.event("start", "");
        String line = trail.take().get(0);
        AtomicBoolean failing = new AtomicBoolean();
        TreeMap<Long, String> kept = new TreeMap<>((one, other) -> {
            if (failing.get()) {
                throw new CheckError();
            }
            return Long.compare(one, other);
        });
        kept.put(1L, line);
        TrailCheck failingCheck = new TrailCheck(List.of(), kept);
        failing.set(true);
        byte[] bytes = line.getBytes(UTF_8);

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            try (CheckThread check = new CheckThread(failingCheck)) {
                check.begins(Segment.of(Path.of("trail.jsonl"), 1));
                for (int number = 1; number <= 10_000; number++) {
                    check.line(bytes, 0, bytes.length, number);
                }
                assertThatThrownBy(check::result).isInstanceOf(CheckError.class);
            }
        });
    }
}
