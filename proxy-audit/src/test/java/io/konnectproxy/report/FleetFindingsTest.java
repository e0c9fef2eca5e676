package io.konnectproxy.report;

import static io.konnectproxy.report.FindingKind.CONFIGURATION_DIFFERS;
import static io.konnectproxy.report.FindingKind.DATA_PLANE_FLAPPING;
import static io.konnectproxy.report.FindingKind.DATA_PLANE_LOST;
import static io.konnectproxy.report.FindingKind.DATA_PLANE_MOVED;
import static io.konnectproxy.report.FindingKind.INTERNAL_ADDRESS;
import static io.konnectproxy.report.FindingKind.ONE_NAME_TWICE;
import static io.konnectproxy.report.FindingKind.PASSWORD_GUESSING;
import static io.konnectproxy.report.FindingKind.PROXY_SILENT;
import static io.konnectproxy.report.FindingKind.TRAIL_BROKEN;
import static io.konnectproxy.report.FindingKind.TRAIL_UNPROVEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.report.render.ReportFormat;
import io.konnectproxy.trail.KeptCheckpoints;
import io.konnectproxy.trail.MemoryStore;
import io.konnectproxy.trail.TrailBuilder;
import io.konnectproxy.trail.TrailPlace;
import io.konnectproxy.trail.Trails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What needs attention in a fleet, and what does not, in short stories. */
class FleetFindingsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String CP = "aaaa.us.cp0.konghq.com:443";
    private static final String DP = "10.0.0.7/dp";

    @TempDir
    private Path directory = Path.of("");

    private FleetStory story() {
        return new FleetStory(directory);
    }

    private static void tunnel(FleetStory fleet, String proxy, String id, Duration length, String outcome) {
        fleet.at(proxy).permitted(id, DP, "aaaa");
        fleet.later(length);
        fleet.at(proxy).end(id, CP, outcome, 1, 1, length);
        fleet.later(Duration.ofSeconds(1));
    }

    private static FleetStory stop(FleetStory fleet, String... proxies) {
        for (String proxy : proxies) {
            fleet.at(proxy).event("drain", "").event("stop", "");
        }
        return fleet;
    }

    private static Arguments is(String name, Consumer<FleetStory> story, FindingKind... kinds) {
        return Arguments.of(name, story, List.of(kinds));
    }

    static Stream<Arguments> stories() {
        return Stream.of(
                is("two proxies, and nothing else", fleet -> fleet.start("edge-1", "edge-2")),
                is(
                        "lost at one proxy, connected at another",
                        fleet -> {
                            fleet.start("edge-1", "edge-2");
                            tunnel(fleet, "edge-1", "1", MINUTE.multipliedBy(5), "client_reset");
                            fleet.later(MINUTE).at("edge-2").permitted("1", DP, "aaaa");
                            stop(fleet.later(MINUTE.multipliedBy(10)), "edge-1");
                        },
                        DATA_PLANE_MOVED),
                is(
                        "lost at one proxy, and nowhere else",
                        fleet -> {
                            fleet.start("edge-1", "edge-2");
                            tunnel(fleet, "edge-1", "1", MINUTE.multipliedBy(5), "client_reset");
                            stop(fleet.later(MINUTE.multipliedBy(10)), "edge-1", "edge-2");
                        },
                        DATA_PLANE_LOST),
                is(
                        "moved, and then lost",
                        fleet -> {
                            fleet.start("edge-1", "edge-2");
                            tunnel(fleet, "edge-1", "1", MINUTE.multipliedBy(15), "client_reset");
                            tunnel(fleet, "edge-2", "1", MINUTE.multipliedBy(15), "client_reset");
                            stop(fleet.later(MINUTE.multipliedBy(10)), "edge-1", "edge-2");
                        },
                        DATA_PLANE_LOST,
                        DATA_PLANE_MOVED),
                is(
                        "turned out by a shutdown, and back at another proxy",
                        fleet -> {
                            fleet.start("edge-1", "edge-2").at("edge-1").permitted("1", DP, "aaaa");
                            fleet.later(MINUTE.multipliedBy(5)).at("edge-1").event("drain", "");
                            fleet.at("edge-1").end("1", CP, "drained", 1, 1, MINUTE.multipliedBy(5));
                            stop(fleet, "edge-1").later(MINUTE).at("edge-2").permitted("1", DP, "aaaa");
                            stop(fleet.later(MINUTE.multipliedBy(5)), "edge-2");
                        },
                        DATA_PLANE_MOVED),
                is(
                        "a proxy that was killed, and a data plane that did not wait for it",
                        fleet -> {
                            fleet.start("edge-1", "edge-2").at("edge-1").permitted("1", DP, "aaaa");
                            fleet.later(MINUTE.multipliedBy(5)).at("edge-2").permitted("1", DP, "aaaa");
                            fleet.later(MINUTE.multipliedBy(5)).start("edge-1");
                        },
                        FindingKind.TRAIL_GAP,
                        DATA_PLANE_MOVED),
                is(
                        "a proxy whose trail ends with a tunnel, and the data plane elsewhere",
                        fleet -> {
                            fleet.start("edge-1", "edge-2").at("edge-1").permitted("1", DP, "aaaa");
                            fleet.later(MINUTE.multipliedBy(5)).at("edge-2").permitted("1", DP, "aaaa");
                            stop(fleet.later(MINUTE.multipliedBy(5)), "edge-2");
                        },
                        DATA_PLANE_MOVED),
                is(
                        "back at another proxy before the first one noticed",
                        fleet -> {
                            fleet.start("edge-1", "edge-2").at("edge-1").permitted("1", DP, "aaaa");
                            fleet.later(MINUTE.multipliedBy(15)).at("edge-2").permitted("1", DP, "aaaa");
                            fleet.later(Duration.ofSeconds(30)).at("edge-1").end("1", CP, "idle", 1, 1, MINUTE);
                        },
                        DATA_PLANE_MOVED),
                is("at two proxies at the same time", fleet -> {
                    fleet.start("edge-1", "edge-2").at("edge-1").permitted("1", DP, "aaaa");
                    fleet.later(MINUTE).at("edge-2").permitted("1", DP, "aaaa");
                    fleet.later(MINUTE.multipliedBy(15)).at("edge-1").end("1", CP, "client_closed", 1, 1, MINUTE);
                }),
                is("a request at another proxy that came to nothing", fleet -> {
                    fleet.start("edge-1", "edge-2");
                    tunnel(fleet, "edge-1", "1", MINUTE.multipliedBy(15), "client_reset");
                    tunnel(fleet, "edge-2", "1", Duration.ofSeconds(1), "connect_timeout");
                    fleet.at("edge-1").permitted("2", DP, "aaaa");
                }),
                is(
                        "back and forth between two proxies",
                        fleet -> {
                            fleet.start("edge-1", "edge-2");
                            for (int i = 0; i < 6; i++) {
                                tunnel(fleet, i % 2 == 0 ? "edge-1" : "edge-2", "t" + i, MINUTE, "client_closed");
                            }
                            fleet.at("edge-1").permitted("last", DP, "aaaa");
                        },
                        DATA_PLANE_FLAPPING),
                is(
                        "a guesser that spreads over proxies",
                        fleet -> {
                            fleet.start("edge-1", "edge-2");
                            for (int i = 0; i < 6; i++) {
                                fleet.at(i % 2 == 0 ? "edge-1" : "edge-2")
                                        .refused("10.6.6.6", "x.com:443", "credentials_invalid");
                                fleet.later(MINUTE);
                            }
                        },
                        PASSWORD_GUESSING),
                is(
                        "another configuration",
                        fleet -> fleet.start("edge-1", "edge-2").starts("edge-3", "1.0.0", "bbbbbbbbbbbb"),
                        CONFIGURATION_DIFFERS),
                is(
                        "another version",
                        fleet -> fleet.start("edge-1", "edge-2").starts("edge-3", "0.9.0", "aaaaaaaaaaaa"),
                        CONFIGURATION_DIFFERS),
                is("another configuration that was stopped", fleet -> {
                    fleet.start("edge-1", "edge-2").starts("edge-3", "1.0.0", "bbbbbbbbbbbb");
                    stop(fleet, "edge-3");
                }),
                is("a configuration that was changed everywhere", fleet -> {
                    fleet.start("edge-1", "edge-2");
                    fleet.at("edge-1").configured("reload", "bbbbbbbbbbbb", "[\"us\"]");
                    fleet.at("edge-2").configured("reload", "bbbbbbbbbbbb", "[\"us\"]");
                }),
                is(
                        "a proxy that falls silent",
                        fleet -> {
                            fleet.start("edge-1", "edge-2").later(Duration.ofMinutes(90));
                            stop(fleet, "edge-2");
                        },
                        PROXY_SILENT),
                is("a proxy that was stopped", fleet -> {
                    stop(fleet.start("edge-1", "edge-2"), "edge-1");
                    stop(fleet.later(Duration.ofMinutes(90)), "edge-2");
                }),
                is("a quiet proxy that is as silent as it ever was", fleet -> {
                    fleet.start("edge-1", "edge-2").later(Duration.ofMinutes(50));
                    fleet.at("edge-1").configured("segment", "aaaaaaaaaaaa", "[\"us\"]");
                    stop(fleet.later(Duration.ofMinutes(95)), "edge-2");
                }),
                is("a proxy with a new trail after its volume was replaced", fleet -> {
                    fleet.start("edge-1", "edge-2").later(Duration.ofMinutes(90));
                    fleet.anew("edge-1");
                    stop(fleet.start("edge-1"), "edge-1", "edge-2");
                }),
                is(
                        "two proxies with one name",
                        fleet -> {
                            fleet.start("edge-1", "edge-2");
                            Story first = fleet.at("edge-1");
                            fleet.anew("edge-1");
                            fleet.start("edge-1").later(MINUTE.multipliedBy(5));
                            first.event("drain", "");
                            fleet.at("edge-1").event("drain", "");
                        },
                        ONE_NAME_TWICE),
                is(
                        "a proxy that signs nothing, beside one that does",
                        fleet -> {
                            KeyPair keys = TrailBuilder.newKeys();
                            fleet.start("edge-1", "edge-2").at("edge-1").signed(keys);
                        },
                        TRAIL_UNPROVEN),
                is(
                        "the metadata address, at one of two",
                        fleet -> fleet.start("edge-1", "edge-2")
                                .at("edge-2")
                                .refused("10.0.0.9", "169.254.169.254:443", "ip_literal"),
                        INTERNAL_ADDRESS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void finds(String name, Consumer<FleetStory> told, List<FindingKind> kinds) throws Exception {
        FleetStory fleet = story();
        told.accept(fleet);

        assertThat(fleet.report().findings()).extracting(FindingGroup::kind).containsExactlyElementsOf(kinds);
    }

    private ReportFinding only(FleetStory fleet) throws Exception {
        List<FindingGroup> groups = fleet.report().findings();
        assertThat(groups).hasSize(1);
        assertThat(groups.get(0).listed()).hasSize(1);
        return groups.get(0).listed().get(0);
    }

    @Test
    void a_data_plane_that_is_lost_at_one_proxy_and_connected_at_another_has_moved() throws Exception {
        FleetStory fleet = story().start("edge-1", "edge-2");
        tunnel(fleet, "edge-1", "1", MINUTE.multipliedBy(5), "client_reset");
        fleet.later(MINUTE.multipliedBy(2)).at("edge-2").permitted("1", DP, "aaaa");
        stop(fleet.later(MINUTE.multipliedBy(10)), "edge-1");

        ReportFinding moved = only(fleet);

        assertThat(moved.who()).contains("10.0.0.7 (dp)");
        assertThat(moved.what()).isEqualTo("control plane aaaa in us (cp)");
        assertThat(moved.detail()).isEqualTo("from edge-1 to edge-2");
        assertThat(moved.times()).isOne();
        assertThat(moved.proxies()).isEqualTo(new ProxyNames(List.of("edge-1", "edge-2"), 2));
    }

    @Test
    void what_goes_back_and_forth_says_between_which() throws Exception {
        FleetStory fleet = story().start("edge-1", "edge-2");
        for (int i = 0; i < 6; i++) {
            tunnel(fleet, i % 2 == 0 ? "edge-1" : "edge-2", "t" + i, MINUTE, "client_closed");
        }
        fleet.at("edge-1").permitted("last", DP, "aaaa");

        assertThat(only(fleet).detail()).isEqualTo("short tunnels, back and forth between edge-1, edge-2");
    }

    @Test
    void who_permits_something_else_comes_before_who_only_runs_another_program() throws Exception {
        FleetStory fleet = story().start("edge-1", "edge-2", "edge-3").starts("edge-4", "0.9.0", "aaaaaaaaaaaa");
        fleet.at("edge-5")
                .started("1.0.0")
                .event(
                        "configuration",
                        "\"occasion\":\"start\",\"instance\":\"edge-5\",\"configuration_digest\":\"cccccccccccc\","
                                + "\"digest\":\"other\",\"policy\":{\"regions\":[\"eu\"]},\"changed\":null");

        List<ReportFinding> found = fleet.report().findings().get(0).listed();

        assertThat(found).extracting(finding -> finding.who().orElse("")).containsExactly("edge-5", "edge-4");
        assertThat(found)
                .extracting(ReportFinding::what)
                .containsExactly(
                        "configuration cccccccccccc with version 1.0.0",
                        "configuration aaaaaaaaaaaa with version 0.9.0");
        assertThat(found)
                .extracting(ReportFinding::detail)
                .containsExactly(
                        "it permits something else; 3 of 5 run configuration aaaaaaaaaaaa with version 1.0.0",
                        "the program is another; 3 of 5 run configuration aaaaaaaaaaaa with version 1.0.0");
    }

    @Test
    void a_silent_proxy_says_how_long_and_what_it_left_open() throws Exception {
        FleetStory fleet = story().start("edge-1", "edge-2");
        fleet.at("edge-1").permitted("1", DP, "aaaa").permitted("2", DP, "aaaa");
        stop(fleet.later(Duration.ofHours(3)), "edge-2");

        ReportFinding silent = only(fleet);

        assertThat(silent.who()).contains("edge-1");
        assertThat(silent.what()).isEqualTo("no line for 3 hours");
        assertThat(silent.detail()).isEqualTo("without a stop, with 2 tunnels open");
    }

    @Test
    void one_broken_trail_of_three_is_named_and_the_others_are_proven() throws Exception {
        FleetStory fleet = story().start("edge-1", "edge-2", "edge-3");
        fleet.at("edge-2").refused("10.0.0.9", "x.com:443", "host_not_konnect").event("drain", "");
        Path file = fleet.write().resolve("trail-1").resolve("audit.jsonl");
        Files.writeString(file, Files.readString(file).replace("10.0.0.9", "10.0.0.8"));

        TrailReading.ReadReport read = Reports.on(directory);

        assertThat(read.troubles())
                .singleElement()
                .asString()
                .startsWith("The verification of the trail of edge-2 failed at audit.jsonl:3: The line was edited");
        assertThat(read.report().findings()).singleElement().satisfies(group -> {
            assertThat(group.kind()).isEqualTo(TRAIL_BROKEN);
            assertThat(group.listed().get(0).proxies().first()).containsExactly("edge-2");
        });
        assertThat(read.report().trails().proxies())
                .extracting(proxy -> proxy.name() + " " + proxy.proof().token())
                .containsExactly("edge-2 broken", "edge-1 chain", "edge-3 chain");
    }

    @Test
    void tunnels_of_two_trails_with_one_id_never_meet() throws Exception {
        FleetStory fleet = story().start("edge-1", "edge-2");
        fleet.at("edge-1").permitted("same", "10.0.0.1/one", "aaaa");
        fleet.at("edge-2").permitted("same", "10.0.0.2/two", "bbbb");
        fleet.later(MINUTE).at("edge-1").end("same", CP, "client_closed", 100, 1, MINUTE);
        fleet.at("edge-2").end("same", "bbbb.us.cp0.konghq.com:443", "client_closed", 7, 1, MINUTE);

        Traffic traffic = fleet.report().traffic();

        assertThat(Stream.of("one", "two").map(user -> traffic.users().of(user).bytesUp()))
                .containsExactly(100L, 7L);
        assertThat(traffic.withoutDecision()).isZero();
    }

    @Test
    void a_client_with_a_name_is_one_client_at_all_proxies() throws Exception {
        FleetStory fleet = story().start("edge-1", "edge-2");
        fleet.at("edge-1").permitted("1", "10.0.0.1/dp-a", "aaaa").permitted("2", "10.0.0.9", "aaaa");
        fleet.at("edge-2").permitted("1", "10.0.0.2/dp-a", "aaaa");

        AuditReport report = fleet.report();

        assertThat(report.traffic().clients().top(5).rows())
                .extracting(row -> row.key() + " " + row.tally().permitted() + " "
                        + report.trails().names(row.tally()).words())
                .containsExactly("dp-a 2 edge-1, edge-2", "10.0.0.9 1 edge-1");
    }

    /** The directory of a trail in an archive that was copied here. */
    private Path archived(String proxy, String trail) throws IOException {
        Path files = directory.resolve(proxy).resolve(trail);
        Files.createDirectories(files.resolve("checkpoints"));
        return files;
    }

    private void checkpoint(Path files, long seq, Story story) throws IOException {
        Files.writeString(
                files.resolve("checkpoints").resolve(String.format("%012d.jsonl", seq)), story.lastLine() + "\n");
    }

    /** A proxy whose first three lines are in the archive, and a checkpoint of the sixth; and one that goes on. */
    private List<ReportFinding> behind(Duration time, Duration others) throws Exception {
        KeyPair keys = TrailBuilder.newKeys();
        Story story = Story.of("edge-1", "00000000000a")
                .started("1.0.0")
                .configured("start", "aaaaaaaaaaaa", "[\"us\"]")
                .signed(keys);
        Path files = archived("edge-1", "00000000000a");
        story.writeTo(files.resolve("000000000001.jsonl"));
        story.later(time).refused("10.0.0.9", "x.com:443", "host_not_konnect").event("drain", "");
        checkpoint(files, 6, story.signed(keys));
        Story.of("edge-2", "00000000000b")
                .started("1.0.0")
                .configured("start", "aaaaaaaaaaaa", "[\"us\"]")
                .signed(keys)
                .later(others)
                .event("stop", "")
                .writeTo(archived("edge-2", "00000000000b").resolve("000000000001.jsonl"));
        TrailReading.ReadReport read = Reports.on(directory);
        assertThat(read.troubles()).isEmpty();
        return read.report().findings().stream()
                .flatMap(group -> group.listed().stream())
                .toList();
    }

    @Test
    void lines_that_are_signed_and_not_in_the_archive_yet_are_no_finding() throws Exception {
        assertThat(behind(Duration.ofHours(20), Duration.ofHours(20))).isEmpty();
    }

    @Test
    void lines_that_are_signed_and_should_be_in_the_archive_are_one() throws Exception {
        assertThat(behind(Duration.ofHours(27), Duration.ofHours(27)))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.kind()).isEqualTo(FindingKind.ARCHIVE_BEHIND);
                    assertThat(found.who()).contains("edge-1");
                    assertThat(found.what()).isEqualTo("lines 4 to 6");
                    assertThat(found.times()).isEqualTo(3);
                });
    }

    @Test
    void so_are_those_of_a_proxy_that_fell_silent() throws Exception {
        assertThat(behind(MINUTE, Duration.ofHours(2)))
                .extracting(ReportFinding::kind)
                .containsExactly(FindingKind.ARCHIVE_BEHIND, PROXY_SILENT);
    }

    @Test
    void a_trail_of_which_nothing_but_a_checkpoint_is_left_says_how_many_lines_there_were() throws Exception {
        KeyPair keys = TrailBuilder.newKeys();
        FleetStory fleet = story().start("edge-2", "edge-3");
        fleet.at("edge-2").signed(keys);
        fleet.at("edge-3").signed(keys);
        fleet.write();
        Story lost = Story.of("edge-1", "00000000000a").started("1.0.0").event("drain", "");
        checkpoint(archived("edge-1", "00000000000a"), 3, lost.signed(keys));

        TrailReading.ReadReport read = Reports.on(directory);

        assertThat(read.troubles()).isEmpty();
        assertThat(read.report().findings()).singleElement().satisfies(group -> {
            assertThat(group.kind()).isEqualTo(FindingKind.ONLY_CHECKPOINTS);
            assertThat(group.listed().get(0).who()).contains("edge-1");
            assertThat(group.listed().get(0).detail()).isEqualTo("of lines 1 to 3 there is not one");
        });
        assertThat(read.report().trails().proxies().get(0).proof()).isEqualTo(ReportedProxy.Proof.NO_LINES);
    }

    @Test
    void an_archive_reads_as_a_copy_of_it() throws Exception {
        FleetStory fleet = story().start("edge-1", "edge-2").later(MINUTE);
        tunnel(fleet, "edge-2", "1", MINUTE, "client_closed");
        MemoryStore store = new MemoryStore();
        store.put(
                "prefix/edge-1/0000000000a0/000000000001.jsonl",
                Files.readAllBytes(fleet.write().resolve("trail-0").resolve("audit.jsonl")));
        store.put(
                "prefix/edge-2/0000000000a1/000000000001.jsonl",
                Files.readAllBytes(directory.resolve("trail-1").resolve("audit.jsonl")));
        Path copy = directory.resolve("copy");
        store.sync(copy);

        try (Trails trails = Trails.of(List.of(TrailPlace.of(BucketUrl.parse("s3://bucket/prefix"), store)))) {
            AuditReport read = new TrailReading(Story.query(), List.of(), KeptCheckpoints.none())
                    .of(trails)
                    .report();

            assertThat(read.trails().count()).isEqualTo(2);
            assertThat(FleetStory.written(read, ReportFormat.JSON))
                    .isEqualTo(FleetStory.written(Reports.on(copy).report(), ReportFormat.JSON));
        }
    }

    @Test
    void every_format_has_the_proxies_and_json_is_as_its_schema_says() throws Exception {
        FleetStory fleet = story().start("edge-1", "edge-2", "edge-3").starts("edge-4", "1.0.0", "bbbbbbbbbbbb");
        tunnel(fleet, "edge-1", "1", MINUTE.multipliedBy(5), "client_reset");
        tunnel(fleet, "edge-2", "1", MINUTE.multipliedBy(5), "client_reset");
        fleet.at("edge-3").gap(2, "2026-11-22T18:01:00.000000Z", "2026-11-22T18:02:00.000000Z");
        fleet.at("edge-4").configured("reload", "cccccccccccc", "[\"us\",\"eu\"]");
        AuditReport report = fleet.report();

        String text = FleetStory.written(report, ReportFormat.TEXT);
        assertThat(text.lines())
                .allMatch(line -> line.length() <= 80)
                .contains("4 trails of 4 proxies.", "PROXIES", "Configurations that proxies run:")
                .contains("! The trail says of itself that 2 lines were lost in a gap between 2026-11-22");
        assertThat(text.replaceAll("\\s+", " "))
                .contains("10.0.0.7 (dp): control plane aaaa in us (cp)", "from edge-1 to edge-2, at edge-1, edge-2;")
                .contains("Of 4 trails: 4 hold.")
                .contains("all 4: No line is signed (audit.sign)");
        assertThat(FleetStory.written(report, ReportFormat.HTML)).contains("id=\"proxies\"", "edge-4", "cccccccccccc");
        String json = FleetStory.written(report, ReportFormat.JSON);
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(
                                Files.readString(Path.of("..", "config", "audit-report.schema.json")), InputFormat.JSON)
                        .validate(json, InputFormat.JSON))
                .isEmpty();
        assertThat(json.replaceAll("\\s+", ""))
                .contains("\"trails_read\":4,", "\"proxy\":\"edge-4\",\"version\":\"1.0.0\"")
                .contains("\"proof\":\"chain\"");
    }

    @Test
    void every_kind_of_several_trails_stands_where_it_should() {
        List<FindingKind> order = FindingKind.inOrder();

        assertThat(order).hasSameSizeAs(FindingKind.values()).doesNotHaveDuplicates();
        assertThat(order.get(0)).isEqualTo(ONE_NAME_TWICE);
        assertThat(order.indexOf(CONFIGURATION_DIFFERS)).isLessThan(order.indexOf(INTERNAL_ADDRESS));
        assertThat(order.get(order.size() - 1)).isEqualTo(DATA_PLANE_MOVED);
        assertThat(Arrays.stream(FindingKind.values()).limit(14).map(FindingKind::rank))
                .as("they keep their ranks")
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
    }
}
