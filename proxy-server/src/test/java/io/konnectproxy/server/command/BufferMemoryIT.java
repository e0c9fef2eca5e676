package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.internal.OutOfDirectMemoryError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In a process of its own, for Netty reads its bound once. */
class BufferMemoryIT {
    /** The JDK would collect garbage, and sleep for half a second in all. */
    private static final Duration AT_ONCE = Duration.ofMillis(400);

    @ParameterizedTest(name = "{0}")
    @CsvSource({"-Xmx64m, 48", "-XX:MaxDirectMemorySize=32m, 24", "-Dio.netty.maxDirectMemory=8388608, 8"})
    void an_allocation_beyond_the_bound_fails_at_once(String flag, long mebibytes) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        flag,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Exhausting.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        String[] words = said.split(" ", 3);
        assertThat(words[0]).isEqualTo(OutOfDirectMemoryError.class.getName());
        assertThat(Long.parseLong(words[1])).isBetween(mebibytes - 2, mebibytes);
        assertThat(Duration.ofNanos(Long.parseLong(words[2]))).isLessThan(AT_ONCE);
    }

    /** Takes all there is, then says what failed, how many MiB it had, and how many nanoseconds the last failure took. */
    static final class Exhausting {
        private Exhausting() {}

        public static void main(String[] arguments) {
            BufferMemory.limit();
            List<ByteBuf> all = new ArrayList<>();
            takeAll(all);
            long begun = System.nanoTime();
            Throwable failure = takeAll(all);
            System.out.println(
                    failure.getClass().getName() + " " + all.size() / 16 + " " + (System.nanoTime() - begun));
        }

        private static Throwable takeAll(List<ByteBuf> all) {
            while (true) {
                try {
                    all.add(ByteBufAllocator.DEFAULT.directBuffer(64 << 10));
                } catch (OutOfMemoryError failure) {
                    return failure;
                }
            }
        }
    }
}
