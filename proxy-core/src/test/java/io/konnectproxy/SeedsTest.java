package io.konnectproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays what the fuzzer begins with, and what it once found, without the fuzzer: each target with its seeds. The targets are
 * those of the module in whose directory it runs.
 */
public class SeedsTest {
    private static final Path SOURCES = Path.of("src/test/java");
    private static final Path SEEDS = Path.of("src/test/resources/seeds");
    private static final String SUFFIX = "Fuzz.java";

    @TestFactory
    Stream<DynamicNode> holds_with() throws IOException {
        return targets().stream().flatMap(SeedsTest::replays);
    }

    @Test
    void every_target_has_seeds_and_every_seed_a_target() throws IOException {
        try (Stream<Path> directories = Files.list(SEEDS)) {
            assertThat(directories.filter(Files::isDirectory))
                    .containsExactlyInAnyOrderElementsOf(
                            targets().stream().map(SeedsTest::seeds).toList())
                    .isNotEmpty();
        }
    }

    private static Stream<DynamicNode> replays(Path source) {
        MethodHandle target = target(source);
        try (Stream<Path> seeds = Files.list(seeds(source))) {
            return seeds
                    .sorted()
                    .<DynamicNode>map(seed -> DynamicTest.dynamicTest(
                            SEEDS.relativize(seed).toString(), () -> target.invoke(Files.readAllBytes(seed))))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> targets() throws IOException {
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            return sources.filter(path -> path.toString().endsWith(SUFFIX)).toList();
        }
    }

    private static Path seeds(Path source) {
        return SEEDS.resolve(source.getFileName().toString().replace(SUFFIX, ""));
    }

    private static MethodHandle target(Path source) {
        String name = SOURCES.relativize(source).toString().replace(".java", "").replace('/', '.');
        try {
            return MethodHandles.lookup()
                    .findStatic(
                            Class.forName(name), "fuzzerTestOneInput", MethodType.methodType(void.class, byte[].class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no fuzz target " + name, e);
        }
    }
}
