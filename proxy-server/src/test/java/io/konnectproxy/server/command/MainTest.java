package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void a_process_that_may_start_no_more_threads_says_what_limits_it() {
        assertThat(Main.sentence(new OutOfMemoryError(
                        "unable to create native thread: possibly out of memory or process/resource limits reached")))
                .startsWith("The system lets this process start no more threads. Raise the limit: ulimit -u,");
    }

    @Test
    void too_little_memory_is_said_to_be_that() {
        assertThat(Main.sentence(new OutOfMemoryError("Java heap space")))
                .isEqualTo("There is not enough memory: Java heap space. Give the process more memory.");
    }
}
