package io.konnectproxy.server.splice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's own way to the system; other tests have the same calls by JNA. */
class ForeignCallsTest {
    private static final int EBADF = 9;

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void an_older_jdk_has_none() {
        assertThat(ForeignCalls.canBe()).isFalse();
        assertThat(ForeignCalls.load()).isEmpty();
        assertThat(Pipes.ofTheSystem(4).worthIt()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    @EnabledForJreRange(minVersion = 22)
    void moves_through_a_pipe_what_another_one_has(@TempDir Path directory) throws Exception {
        assumeTrue(ForeignCalls.canBe());
        SystemCalls calls = ForeignCalls.load().orElseThrow();
        int[] one = new int[2];
        int[] other = new int[2];
        assertThat(calls.pipe(one)).isZero();
        assertThat(calls.pipe(other)).isZero();
        assertThat(calls.splice(one[0], other[1], 100)).as("nothing there").isEqualTo(-SystemCalls.EAGAIN);
        assertThat(calls.resize(one[1], 1 << 20)).isEqualTo(1 << 20);
        Files.writeString(Path.of("/proc/self/fd", String.valueOf(one[1])), "hello");
        assertThat(calls.splice(one[0], other[1], 3)).isEqualTo(3);
        assertThat(calls.splice(one[0], other[1], 100)).isEqualTo(2);
        assertThat(calls.close(one[1])).isZero();
        assertThat(calls.splice(one[0], other[1], 100)).as("the end").isZero();
        assertThat(calls.close(one[0])).isZero();
        assertThat(calls.close(one[0])).isEqualTo(-EBADF);
        assertThat(calls.splice(one[0], other[1], 100)).isEqualTo(-EBADF);
        calls.close(other[0]);
        calls.close(other[1]);
    }

    /** What is prepared is classes that the JDK makes; an event loop would wait for them. */
    @Test
    @EnabledForJreRange(minVersion = 22)
    void what_is_loaded_needs_nothing_more_to_be_prepared() {
        assumeTrue(ForeignCalls.canBe());
        SystemCalls calls = ForeignCalls.load().orElseThrow();
        int[] ends = new int[2];
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        long before = classes.getTotalLoadedClassCount();
        int made = calls.pipe(ends);
        calls.resize(ends[1], 1 << 20);
        calls.splice(ends[0], ends[1], 1);
        calls.close(ends[0]);
        calls.close(ends[1]);
        long after = classes.getTotalLoadedClassCount();
        assertThat(made).isZero();
        assertThat(after - before).isLessThan(10);
    }

    /** Each tunnel that is cut with bytes in its pipe makes the next one need a new pipe. */
    @Test
    @EnabledForJreRange(minVersion = 22)
    void a_pipe_leaves_no_memory_behind() {
        assumeTrue(ForeignCalls.canBe());
        SystemCalls calls = ForeignCalls.load().orElseThrow();
        int[] ends = new int[2];
        long before = 0;
        for (int i = 0; i < 1000; i++) {
            assertThat(calls.pipe(ends)).isZero();
            calls.close(ends[0]);
            calls.close(ends[1]);
            if (i == 0) {
                before = outsideOfTheHeap();
            }
        }
        assertThat(outsideOfTheHeap() - before).isLessThan(1000);
    }

    private static long outsideOfTheHeap() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
