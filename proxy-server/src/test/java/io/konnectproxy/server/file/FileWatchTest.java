package io.konnectproxy.server.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FileWatchTest {
    @RegisterExtension
    private final LogCapture log =
            LogCapture.of("io.konnectproxy.server.file").expecting("A file cannot be looked at (");

    @Test
    void one_daemon_thread_looks_at_all_and_goes_on_when_a_look_fails() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch looks = new CountDownLatch(6);
        try (FileWatch watch = new FileWatch(Duration.ofMillis(5))) {
            watch.add(atOnce -> {
                throw new AssertionError("a look that fails");
            });
            for (int i = 0; i < 2; i++) {
                watch.add(atOnce -> {
                    assertThat(atOnce).isFalse();
                    threads.add(Thread.currentThread());
                    looks.countDown();
                });
            }
            assertThat(looks.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(threads).singleElement().satisfies(thread -> {
            assertThat(thread.getName()).isEqualTo("files");
            assertThat(thread.isDaemon()).isTrue();
        });
    }

    @Test
    void looks_at_once_when_asked_even_after_its_end() {
        List<Boolean> looks = new ArrayList<>();
        FileWatch watch = new FileWatch(Duration.ofDays(1));
        watch.add(looks::add);
        watch.lookNow();
        watch.close();
        watch.lookNow();

        assertThat(looks).containsExactly(true, true);
    }
}
