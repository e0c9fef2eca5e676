package io.konnectproxy.trail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of several trails, as they come. */
class FleetFollowerTest {
    private static final String OTHER = "ffffffffffff";

    @TempDir
    private Path directory = Path.of("");

    private final List<String> notices = new CopyOnWriteArrayList<>();

    @Test
    void what_there_is_comes_by_its_time_and_what_is_appended_comes_after_it() throws Exception {
        TrailBuilder one = new TrailBuilder();
        TrailBuilder other = new TrailBuilder().of(OTHER).later(Duration.ofSeconds(1));
        Path current = one.start().later(Duration.ofSeconds(2)).drain().writeTo(file("a"));
        other.start().later(Duration.ofSeconds(2)).drain().writeTo(file("b"));

        try (FleetFollower fleet = follow(10, TrailPlace.of(directory))) {
            assertThat(fleet.instances()).containsExactly("proxy-1", "proxy-1");
            assertThat(events(fleet)).containsExactly("start", "start", "drain", "drain");

            String next = one.stop().take().get(0);
            Files.writeString(current, next + "\n", US_ASCII, StandardOpenOption.APPEND);
            assertThat(events(fleet)).containsExactly("stop");
            assertThat(events(fleet)).isEmpty();
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void what_was_passed_over_is_told_but_for_leftovers_of_the_proxy() throws Exception {
        new TrailBuilder().start().writeTo(file("a"));
        Path lost = Files.writeString(file("konnect-proxy-20261130-000000000001.jsonl"), "hello\n");
        Path readme = Files.writeString(file("README"), "hello\n");
        Files.writeString(file("a.torn-1"), "{");

        try (FleetFollower fleet = follow(10, TrailPlace.of(directory))) {
            assertThat(events(fleet)).containsExactly("start");
        }
        assertThat(notices)
                .containsExactly(
                        readme + " was passed over: no line of it is one of a trail.",
                        lost
                                + " was passed over: no line of it is one of a trail, although its name is that of a file of a"
                                + " trail.");
    }

    @Test
    void a_trail_of_finished_files_begins_with_its_last_lines() throws Exception {
        new TrailBuilder().start().drain().stop().writeTo(file("a.gz"));

        try (FleetFollower fleet = follow(2, TrailPlace.of(directory))) {
            assertThat(events(fleet)).containsExactly("drain", "stop");
        }
    }

    @Test
    void an_archive_is_listed_again_and_its_new_files_are_shown() throws Exception {
        MemoryStore store = new MemoryStore();
        TrailBuilder trail = new TrailBuilder();
        store.put("p/edge-1/00ab12cd34ef/000000000001.jsonl", text(trail.start().drain()));
        TrailPlace place = TrailPlace.of(BucketUrl.parse("s3://bucket/p"), store);

        try (FleetFollower fleet =
                FleetFollower.open(List.of(place), 1, line -> true, notices::add, Duration.ofMillis(20))) {
            assertThat(events(fleet)).containsExactly("drain");

            store.put(
                    "p/edge-1/00ab12cd34ef/000000000003.jsonl",
                    text(trail.start().stop()));
            store.put(
                    "p/edge-2/" + OTHER + "/000000000001.jsonl",
                    text(new TrailBuilder().of(OTHER).drain()));
            List<String> shown = new ArrayList<>();
            Await.until("the new files are shown", () -> {
                shown.addAll(events(fleet));
                return shown.size() == 3;
            });
            assertThat(shown).containsExactlyInAnyOrder("start", "stop", "drain");
        }
    }

    private FleetFollower follow(int last, TrailPlace place) throws TrailException {
        return FleetFollower.open(List.of(place), last, line -> true, notices::add);
    }

    private Path file(String name) throws IOException {
        return Files.createDirectory(directory.resolve("d-" + name)).resolve(name);
    }

    private static String text(TrailBuilder trail) {
        return String.join("\n", trail.take()) + "\n";
    }

    private static List<String> events(FleetFollower fleet) {
        List<String> events = new ArrayList<>();
        for (Optional<FleetFollower.FleetLine> next = fleet.next(); next.isPresent(); next = fleet.next()) {
            events.add(next.get().text().replaceFirst(".*\"event\":\"([a-z]+)\".*", "$1"));
        }
        return events;
    }
}
