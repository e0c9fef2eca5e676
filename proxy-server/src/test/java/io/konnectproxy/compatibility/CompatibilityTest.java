package io.konnectproxy.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.compatibility.Commands.Ran;
import io.konnectproxy.journal.EveryLine;
import io.konnectproxy.trail.TrailBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What {@code docs/compatibility.md} promises: this version reads what earlier ones read and wrote, and has all that they had. */
class CompatibilityTest {
    /** Removed on purpose, each with the version that says so in its changelog. */
    private static final Path REMOVED = Samples.ALL.resolve("removed.txt");

    @TempDir
    private Path directory = Path.of("");

    static List<Samples> samples() {
        return Samples.all();
    }

    static Stream<Arguments> lists() {
        return samples().stream()
                .flatMap(samples -> Stream.of(Surface.values()).map(surface -> Arguments.of(samples, surface)));
    }

    @Test
    void there_are_samples() {
        assertThat(samples()).isNotEmpty();
        assertThat(lists()).hasSizeGreaterThanOrEqualTo(Surface.values().length);
    }

    @ParameterizedTest(name = "of {0}: {1}")
    @MethodSource("lists")
    void all_that_there_was_is_there(Samples samples, Surface surface) {
        SortedSet<String> gone = new TreeSet<>(samples.list(surface.file()));
        gone.removeAll(surface.now());
        gone.removeAll(removed(surface));

        assertThat(gone)
                .as(
                        "%s stays as it was in version %s (docs/compatibility.md). Bring back what is missing below, or name"
                                + " it as '%s: LINE' in %s, and in CHANGELOG.md under 'Removed' and 'Upgrade'",
                        surface.promise(), samples, surface.file(), REMOVED)
                .isEmpty();
    }

    private static List<String> removed(Surface surface) {
        String prefix = surface.file() + ": ";
        return Samples.lines(REMOVED).stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    @Test
    void what_is_said_to_be_removed_was_there_and_is_not() {
        for (Surface surface : Surface.values()) {
            assertThat(removed(surface))
                    .doesNotContainAnyElementsOf(surface.now())
                    .allMatch(line -> samples().stream()
                            .anyMatch(each -> each.list(surface.file()).contains(line)));
        }
        assertThat(Samples.lines(REMOVED))
                .allMatch(line ->
                        Stream.of(Surface.values()).anyMatch(surface -> line.startsWith(surface.file() + ": ")));
    }

    /** Until it is released, a version's samples follow it; then a later version is held to all of it. */
    @ParameterizedTest(name = "of {0}: {1}")
    @MethodSource("lists")
    void samples_of_a_version_in_work_are_complete(Samples samples, Surface surface) {
        if (samples.released()) {
            return;
        }
        assertThat(surface.now())
                .as("Record it: %s", CompatibilityRecorder.command(samples))
                .isEqualTo(samples.list(surface.file()));
    }

    /** What a version adds after the last samples were closed would be promised, and held by nothing. */
    @ParameterizedTest
    @EnumSource
    void all_that_there_is_is_among_the_latest_samples(Surface surface) {
        Samples latest = samples().get(samples().size() - 1);

        assertThat(latest.list(surface.file()))
                .as(
                        "What is new belongs to a version with another second number than %s: copy its samples without %s,"
                                + " and record the copy (%s)",
                        latest, Samples.CHECKSUMS, Samples.ALL.resolve("README.md"))
                .containsAll(surface.now());
    }

    @ParameterizedTest(name = "of {0}")
    @MethodSource("samples")
    void samples_of_a_version_in_work_set_every_key_and_variable(Samples samples) throws IOException {
        if (samples.released()) {
            return;
        }
        SortedSet<String> set = new TreeSet<>();
        keys("", new YAMLMapper().readTree(samples.text("konnect-proxy.yaml")), set);
        List<String> keys = samples.list("keys").stream()
                .filter(line -> !line.contains(" "))
                .filter(key -> samples.list("keys").stream().noneMatch(line -> line.startsWith(key + ".")))
                .filter(key -> samples.list("keys").stream().noneMatch(line -> line.startsWith(key + "[].")))
                .toList();

        assertThat(set).as("konnect-proxy.yaml of %s", samples).containsAll(keys);
        assertThat(Results.variables(samples).keySet())
                .as("variables.txt of %s", samples)
                .containsAll(set.stream()
                        .map(key -> key.replaceFirst("\\[].*", ""))
                        .map(key ->
                                "KONNECT_PROXY_" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))
                        .toList());
    }

    private static void keys(String path, JsonNode node, Set<String> keys) {
        if (node.isObject()) {
            node.propertyStream()
                    .forEach(each -> keys(path + (path.isEmpty() ? "" : ".") + each.getKey(), each.getValue(), keys));
        } else if (node.isArray() && node.size() > 0 && node.get(0).isObject()) {
            node.forEach(entry -> keys(path + "[]", entry, keys));
        } else {
            keys.add(path);
        }
    }

    @ParameterizedTest(name = "of {0}")
    @MethodSource("samples")
    void its_configuration_means_what_it_meant_and_its_expectations_hold(Samples samples) throws IOException {
        assertThat(Results.differences(
                        Results.stored(samples, "check.json"),
                        Results.ofConfiguration(samples, configuration(samples))))
                .isEmpty();
    }

    private String configuration(Samples samples) throws IOException {
        return Files.writeString(directory.resolve("konnect-proxy.yaml"), samples.text("konnect-proxy.yaml"))
                .toString();
    }

    @ParameterizedTest(name = "of {0}")
    @MethodSource("samples")
    void its_variables_mean_what_its_configuration_means(Samples samples) throws IOException {
        String empty =
                Files.writeString(directory.resolve("empty.yaml"), "{}\n").toString();

        assertThat(Results.differences(
                        Results.stored(samples, "check.json").path("configuration"),
                        Results.ofVariables(samples, empty).path("configuration")))
                .isEmpty();
    }

    @ParameterizedTest(name = "of {0}")
    @MethodSource("samples")
    void its_defaults_are_what_they_were(Samples samples) throws IOException {
        String smallest = Files.writeString(directory.resolve("smallest.yaml"), "regions: [us]\n")
                .toString();

        assertThat(Results.differences(
                        Results.stored(samples, "defaults.json"),
                        Results.ofDefaults(samples, smallest)
                                .path("configuration")
                                .path("settings")))
                .isEmpty();
    }

    static Stream<Arguments> trails() {
        return samples().stream()
                .flatMap(samples -> Stream.of("audit", "audit-1").map(trail -> Arguments.of(samples, trail)))
                .filter(arguments -> Files.exists(((Samples) arguments.get()[0]).file(arguments.get()[1].toString())));
    }

    @ParameterizedTest(name = "of {0}: {1}")
    @MethodSource("trails")
    void its_trail_verifies_with_its_key(Samples samples, String trail) {
        Ran verified = verified(samples, samples.file(trail));

        assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
        assertThat(verified.out()).startsWith("INTACT: ").contains("signed");
    }

    private static Ran verified(Samples samples, Path trail) {
        String key = samples.file("files/audit.pem.pub").toString();
        return Commands.run("audit", "verify", "--key", key, trail.toString());
    }

    @ParameterizedTest(name = "of {0}: {1}")
    @MethodSource("trails")
    void a_trail_that_was_changed_does_not(Samples samples, String trail) throws IOException {
        Path copy = copy(samples.file(trail));
        Path last = copy.resolve("konnect-proxy.jsonl");
        Files.writeString(last, Files.readString(last).replaceFirst("\"time\":\"2026", "\"time\":\"2025"));

        assertThat(verified(samples, copy).code()).isEqualTo(1);
    }

    @ParameterizedTest(name = "of {0}: {1}")
    @MethodSource("trails")
    void the_figures_of_its_trail_are_what_they_were(Samples samples, String trail) {
        assertThat(Results.differences(Results.stored(samples, report(trail)), Results.ofTrail(samples, trail)))
                .isEmpty();
    }

    static String report(String trail) {
        return trail.replace("audit", "report") + ".json";
    }

    /** An upgrade: the new version writes where the old one stopped. */
    @ParameterizedTest(name = "of {0}: {1}")
    @MethodSource("trails")
    void its_trail_goes_on_under_this_version(Samples samples, String trail) throws Exception {
        Path copy = copy(samples.file(trail));
        EveryLine.record(
                copy.resolve("konnect-proxy.jsonl"),
                samples.file("files/audit.pem"),
                samples.file("files/audit.password"));

        Ran verified = verified(samples, copy);
        assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
        assertThat(lines(copy)).isGreaterThan(lines(samples.file(trail)));
    }

    private static long lines(Path trail) {
        return Long.parseLong(Commands.run("audit", "verify", trail.toString())
                .out()
                .replaceFirst("(?s)^INTACT: .*?([0-9]+) lines.*", "$1"));
    }

    private Path copy(Path trail) throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        try (Stream<Path> files = Files.list(trail)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    static Stream<Arguments> calls() {
        return samples().stream()
                .flatMap(samples -> Samples.lines(samples.file("exit-codes.txt")).stream()
                        .map(line -> Arguments.of(samples, line)));
    }

    @ParameterizedTest(name = "of {0}: {1}")
    @MethodSource("calls")
    void its_commands_end_as_they_did(Samples samples, String line) throws IOException {
        String[] words = line.replace("FILES", samples.files())
                .replace("SAMPLES", samples.directory().toString())
                .replace("CONFIGURATION", configuration(samples))
                .split(" ", -1);
        Ran ran = Commands.run(Stream.of(words).skip(1).toArray(String[]::new));

        assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(Integer.parseInt(words[0]));
    }

    @ParameterizedTest(name = "of {0}")
    @MethodSource("samples")
    void samples_of_a_released_version_are_never_edited(Samples samples) throws IOException {
        if (!samples.released()) {
            return;
        }
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(samples.directory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = samples.directory().relativize(file).toString();
                if (!name.equals(Samples.CHECKSUMS)) {
                    found.add(TrailBuilder.sha256(Files.readAllBytes(file)) + "  " + name);
                }
            }
        }
        assertThat(new HashSet<>(found))
                .as("Users have the files of version %s; new samples belong to the version in work", samples)
                .isEqualTo(new HashSet<>(Samples.lines(samples.file(Samples.CHECKSUMS))));
    }
}
