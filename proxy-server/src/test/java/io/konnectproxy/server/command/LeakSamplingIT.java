package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In a process of its own, for Netty reads the interval once. */
class LeakSamplingIT {
    @ParameterizedTest(name = "{0}")
    @CsvSource({"-Dnothing=set, 4096", "-Dio.netty.leakDetection.samplingInterval=128, 128"})
    void netty_follows_one_buffer_in_so_many(String flag, String interval) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        flag,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Interval.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).isEqualTo(interval);
    }

    /** Says what Netty has read. */
    static final class Interval {
        private Interval() {}

        public static void main(String[] arguments) throws ReflectiveOperationException {
            LeakSampling.limit();
            Field read = ResourceLeakDetector.class.getDeclaredField("SAMPLING_INTERVAL");
            read.setAccessible(true);
            System.out.println(read.getInt(null));
        }
    }
}
