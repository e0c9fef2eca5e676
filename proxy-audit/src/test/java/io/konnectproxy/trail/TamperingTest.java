package io.konnectproxy.trail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.keys.VerificationKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that somebody can do to a trail on disk, and the name that the check has for it. */
class TamperingTest {
    private static final String FIRST = "t-20261122-000000000001.jsonl";
    private static final String SECOND = "t-20261122-000000000008.jsonl.gz";
    private static final String THIRD = "t.jsonl";
    private static final KeyPair KEYS = TrailBuilder.newKeys();
    private static final KeyPair OTHER = TrailBuilder.newKeys();

    @TempDir
    private Path directory = Path.of("");

    /** Three segments: lines 1 to 7, 8 to 14, 15 to 21; the third and the sixth line of each is a checkpoint. */
    @BeforeEach
    void write() {
        TrailBuilder trail = new TrailBuilder().start();
        write(segment(trail, 2), FIRST);
        write(segment(trail.permitted("a8", "10.0.0.8", "cloud.konghq.com"), 9), SECOND);
        write(segment(trail.configuration("segment"), 16), THIRD);
    }

    private static List<String> segment(TrailBuilder trail, int id) {
        return trail.permitted("a" + id, "10.0.0.7", "cloud.konghq.com")
                .checkpoint(KEYS)
                .tunnel("a" + id, "cloud.konghq.com", "client_closed", 10, 20, 30)
                .refused("b" + id, "10.0.0.9", "example.com:443", "host_not_konnect")
                .checkpoint(KEYS)
                .stop()
                .take();
    }

    private interface Tampering {
        void with(TamperingTest trail) throws IOException;
    }

    private static Arguments by(String name, Tampering tampering, Defect defect, String segment, int line) {
        return Arguments.of(name, tampering, defect, segment, line);
    }

    static Stream<Arguments> it_is_named() {
        return Stream.of(
                by("a line is edited", t -> t.edit(FIRST, 2, "10.0.0.7", "10.0.0.6"), Defect.EDITED, FIRST, 2),
                by(
                        "a line of a compressed segment",
                        t -> t.edit(SECOND, 5, "example", "Example"),
                        Defect.EDITED,
                        SECOND,
                        5),
                by("the last line", t -> t.edit(THIRD, 7, "stop", "gone"), Defect.EDITED, THIRD, 7),
                by("a time", t -> t.edit(FIRST, 1, "T18:00", "T17:00"), Defect.EDITED, FIRST, 1),
                by("a number", t -> t.edit(FIRST, 4, "\"seq\":4", "\"seq\":5"), Defect.EDITED, FIRST, 4),
                by(
                        "what it is bound to",
                        t -> t.edit(FIRST, 4, "\"prev\":\"", "\"prev\":\"0", 1),
                        Defect.NOT_A_LINE,
                        FIRST,
                        4),
                by("a hash", t -> t.edit(FIRST, 4, "\"hash\":\"", "\"hash\":\"0", 1), Defect.NOT_A_LINE, FIRST, 4),
                by(
                        "a line is edited and hashed anew",
                        t -> t.reseal(FIRST, 2, "10.0.0.7", "10.0.0.6"),
                        Defect.REPLACED,
                        FIRST,
                        3),
                by("the last of a segment too", t -> t.reseal(FIRST, 7, "stop", "gone"), Defect.REPLACED, SECOND, 1),
                by("a line is deleted", t -> t.delete(FIRST, 4), Defect.MISSING, FIRST, 4),
                by("several lines are deleted", t -> t.delete(SECOND, 2, 3, 4), Defect.MISSING, SECOND, 2),
                by("the first of a segment is deleted", t -> t.delete(SECOND, 1), Defect.SEGMENT_MISSING, SECOND, 1),
                by("the last of a segment is deleted", t -> t.delete(FIRST, 7), Defect.SEGMENT_MISSING, SECOND, 1),
                by("a segment is cut out", t -> Files.delete(t.file(SECOND)), Defect.SEGMENT_MISSING, THIRD, 1),
                by("two lines are swapped", t -> t.move(FIRST, 4, 5), Defect.SWAPPED, FIRST, 4),
                by("a line is moved down", t -> t.move(FIRST, 2, 6), Defect.SWAPPED, FIRST, 2),
                by("a line is doubled", t -> t.insert(FIRST, 4, t.line(FIRST, 4)), Defect.DUPLICATE, FIRST, 5),
                by("an earlier line is put in", t -> t.insert(THIRD, 4, t.line(FIRST, 4)), Defect.DUPLICATE, THIRD, 5),
                by(
                        "a segment is doubled, and one of the two altered",
                        TamperingTest::doubleAndAlter,
                        Defect.TWO_FILES,
                        FIRST,
                        -1),
                by(
                        "a false line is put in",
                        t -> t.insert(FIRST, 4, t.line(FIRST, 4).replace("20,", "21,")),
                        Defect.EDITED,
                        FIRST,
                        5),
                by(
                        "a false line that is bound is put in",
                        t -> t.insert(FIRST, 4, t.forge(FIRST, 4)),
                        Defect.INSERTED,
                        FIRST,
                        6),
                by("a blank line is put in", t -> t.insert(FIRST, 4, ""), Defect.NOT_A_LINE, FIRST, 5),
                by("something else is put in", t -> t.insert(FIRST, 4, "{\"v\":2}"), Defect.NOT_A_LINE, FIRST, 5),
                by("the first line is no line", t -> t.insert(FIRST, 0, "hello"), Defect.NOT_A_LINE, FIRST, 1),
                by("line ends of Windows", t -> t.edit(FIRST, 1, "}", "}\r"), Defect.NOT_A_LINE, FIRST, 1),
                by("cut within the last line", t -> t.cut(THIRD, 30), Defect.TORN, THIRD, 7),
                by("cut before the last line feed", t -> t.cut(THIRD, 1), Defect.TORN, THIRD, 7),
                by("cut within a line of an earlier one", t -> t.cut(FIRST, 30), Defect.TORN, FIRST, 7),
                by("a compressed one is cut", t -> t.cut(SECOND, 40), Defect.DAMAGED_FILE, SECOND, -1),
                by("a new trail after the old", t -> t.append(THIRD, another().take()), Defect.NEW_TRAIL, THIRD, 8),
                by(
                        "a second beginning beside it",
                        t -> t.write(another().take(), "u.jsonl"),
                        Defect.TWO_FILES,
                        FIRST,
                        -1),
                by(
                        "a second trail of another name beside it",
                        t -> t.write(
                                new TrailBuilder()
                                        .of("ffffffffffff")
                                        .start()
                                        .stop()
                                        .take(),
                                "u.jsonl"),
                        Defect.TWO_FILES,
                        FIRST,
                        -1),
                by(
                        "a bound line of another trail",
                        t -> t.append(
                                THIRD, t.after(0).of("ffffffffffff").stop().take()),
                        Defect.OTHER_TRAIL,
                        THIRD,
                        8),
                by(
                        "an earlier line of another trail",
                        t -> t.append(
                                THIRD, t.after(-9).of("ffffffffffff").stop().take()),
                        Defect.OTHER_TRAIL,
                        THIRD,
                        8),
                by(
                        "a bound line of version 1",
                        t -> t.append(THIRD, t.after(0).version1().stop().take()),
                        Defect.OLDER_VERSION,
                        THIRD,
                        8),
                by(
                        "a beginning that is none",
                        t -> t.write(
                                new TrailBuilder()
                                        .after(0, "1".repeat(64))
                                        .start()
                                        .take(),
                                FIRST),
                        Defect.FALSE_BEGIN,
                        FIRST,
                        1),
                by(
                        "a jump that is bound",
                        t -> t.append(THIRD, t.after(1).stop().take()),
                        Defect.RENUMBERED,
                        THIRD,
                        8),
                by("a checkpoint is edited", t -> t.edit(FIRST, 3, "T18:00", "T17:00"), Defect.EDITED, FIRST, 3),
                by(
                        "a checkpoint is hashed anew",
                        t -> t.rechain(FIRST, 3, "T18:00", "T17:00"),
                        Defect.WRONG_SIGNATURE,
                        FIRST,
                        3),
                by(
                        "a signature is another's",
                        t -> t.rechain(FIRST, 6, t.signature(FIRST, 6), t.signature(FIRST, 3)),
                        Defect.WRONG_SIGNATURE,
                        FIRST,
                        6),
                by(
                        "all is chained anew without the key",
                        t -> t.rechain(FIRST, 2, "10.0.0.7", "10.0.0.6"),
                        Defect.WRONG_SIGNATURE,
                        FIRST,
                        3),
                by("all is signed anew with another key", TamperingTest::writeWithOtherKey, Defect.OTHER_KEY, FIRST, 2),
                by(
                        "all is written anew without checkpoints",
                        TamperingTest::writeWithoutCheckpoints,
                        Defect.UNSIGNED,
                        FIRST,
                        -1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void it_is_named(String name, Tampering tampering, Defect defect, String segment, int line) throws Exception {
        assertThat(check(new TreeMap<>())).isInstanceOf(VerifyResult.Intact.class);
        tampering.with(this);

        VerifyResult.Broken broken = (VerifyResult.Broken) check(new TreeMap<>());

        assertThat(broken.defect()).as("%s", broken).isEqualTo(defect);
        assertThat(broken.segment()).isEqualTo(file(segment).toString());
        if (line > 0) {
            assertThat(broken.line()).hasValue(line);
        }
        assertThat(broken.expected()).isNotEmpty().isNotEqualTo(broken.found());
    }

    private static Arguments beginning(String name, @Nullable Defect defect, UnaryOperator<TrailBuilder> lines) {
        return Arguments.of(name, lines, defect);
    }

    static Stream<Arguments> a_first_file_that_is_not_the_first_of_the_trail() {
        @Nullable Defect whole = null;
        return Stream.of(
                beginning(
                        "begins with a configuration",
                        whole,
                        t -> t.configuration("segment").drain()),
                beginning("begins with a start", whole, t -> t.start().drain()),
                beginning(
                        "begins with a start that failed",
                        whole,
                        t -> t.event("stop", "\"reason\":\"the address is in use\"")),
                beginning(
                        "tells of the files and of the clock before it begins",
                        whole,
                        t -> removed(t, "t-20261122-000000000001.jsonl")
                                .gap(1, "disk")
                                .start()),
                beginning(
                        "begins with what was served unrecorded",
                        whole,
                        t -> t.event(
                                        "gap",
                                        "\"lost\":1,\"from\":\"2026-11-22T18:00:00.000000Z\",\"until\":"
                                                + "\"2026-11-22T18:00:01.000000Z\",\"reason\":\"disk\",\"on_failure\":\"continue\"")
                                .drain()),
                beginning(
                        "has lost its beginning, and the file before it was removed as recorded",
                        whole,
                        t -> removed(t.drain(), "t-20261122-000000000025.jsonl.gz")),
                beginning(
                        "begins with a decision",
                        Defect.BEGINNING_LOST,
                        t -> t.permitted("a", "10.0.0.7", "cloud.konghq.com").stop()),
                beginning("begins with a stop", Defect.BEGINNING_LOST, TrailBuilder::stop),
                beginning("begins with a checkpoint", Defect.BEGINNING_LOST, t -> t.checkpoint(KEYS)),
                beginning(
                        "begins with a decision behind a gap",
                        Defect.BEGINNING_LOST,
                        t -> t.gap(1, "disk").refused("b", "10.0.0.9", "example.com:443", "host_not_konnect")),
                beginning(
                        "records the removal of a later file only",
                        Defect.BEGINNING_LOST,
                        t -> removed(t.drain(), "t-20261122-000000000031.jsonl")),
                beginning(
                        "records the removal of what is no finished file",
                        Defect.BEGINNING_LOST,
                        t -> removed(t.drain(), "t-25.jsonl")));
    }

    /** A recorded removal of earlier lines is no excuse for what its name says it had. */
    @ParameterizedTest
    @CsvSource({
        "t-20261122-000000000031.jsonl, INTACT",
        "t-20261122-000000000031-2.jsonl.gz, INTACT",
        "t-20261122-000000000030.jsonl, BEGINNING_LOST",
        "t-20261122-000000000026.jsonl.gz, BEGINNING_LOST"
    })
    void a_first_file_was_cut_where_its_name_says_that_it_began_earlier(String name, String result) throws Exception {
        deleteAll();
        removed(new TrailBuilder().after(30, "1".repeat(64)).drain(), "t-20261122-000000000025.jsonl")
                .writeTo(file(name));

        VerifyResult found = check(List.of(), new TreeMap<>());

        assertThat(found instanceof VerifyResult.Broken broken ? broken.defect().name() : "INTACT")
                .isEqualTo(result);
    }

    private static TrailBuilder removed(TrailBuilder trail, String file) {
        return trail.event("removed", "\"file\":\"" + file + "\",\"reason\":\"keep 2\"");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_first_file_that_is_not_the_first_of_the_trail(
            String name, UnaryOperator<TrailBuilder> lines, @Nullable Defect defect) throws Exception {
        deleteAll();
        lines.apply(new TrailBuilder().after(30, "1".repeat(64))).writeTo(file("v.jsonl"));

        VerifyResult result = check(List.of(), new TreeMap<>());

        if (defect == null) {
            assertThat(result).isInstanceOf(VerifyResult.Intact.class);
        } else {
            VerifyResult.Broken broken = (VerifyResult.Broken) result;
            assertThat(broken.defect()).as("%s", broken).isEqualTo(defect);
            assertThat(broken.line()).hasValue(1);
            assertThat(broken.found()).endsWith(" as line 31");
        }
    }

    @Test
    void two_trails_are_told_apart_by_name() throws Exception {
        append(THIRD, new TrailBuilder().of("ffffffffffff").start().take());

        VerifyResult.Broken broken = (VerifyResult.Broken) check(new TreeMap<>());
        assertThat(broken.extent().trail()).contains("00ab12cd34ef");
        assertThat(broken.expected()).isEqualTo("seq 22 of trail 00ab12cd34ef, bound to line 21");
        assertThat(broken.found()).isEqualTo("seq 1 of trail ffffffffffff, bound to nothing");
    }

    @Test
    void a_trail_of_version_1_is_read_as_before_and_may_go_on_as_version_2() throws Exception {
        deleteAll();
        TrailBuilder trail = new TrailBuilder().version1().start();
        write(segment(trail, 2), FIRST);
        VerifyResult.Intact before = (VerifyResult.Intact) check(new TreeMap<>());
        assertThat(before.extent().trail()).isEmpty();

        write(segment(trail.of("ffffffffffff").permitted("a8", "10.0.0.8", "cloud.konghq.com"), 9), SECOND);
        VerifyResult.Intact both = (VerifyResult.Intact) check(new TreeMap<>());
        assertThat(both.extent().trail()).contains("ffffffffffff");
        assertThat(both.signedTo()).hasValue(13);

        edit(FIRST, 2, "10.0.0.7", "10.0.0.6");
        assertThat(check(new TreeMap<>()))
                .isInstanceOfSatisfying(
                        VerifyResult.Broken.class,
                        broken -> assertThat(broken.defect()).isEqualTo(Defect.EDITED));
    }

    static Stream<Arguments> a_checkpoint_kept_elsewhere_shows_it() {
        return Stream.of(
                by("the tail is cut", t -> t.delete(THIRD, 6, 7), Defect.CUT, THIRD, -1),
                by("the last segments are cut", TamperingTest::deleteLastSegments, Defect.CUT, FIRST, -1),
                by("all is written anew", t -> t.rechain(THIRD, 2, "10.0.0.7", "10.0.0.6"), Defect.REWRITTEN, THIRD, 6),
                by("the segment is not given", TamperingTest::startLater, Defect.NOT_COVERED, "v.jsonl", 1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_checkpoint_kept_elsewhere_shows_it(String name, Tampering tampering, Defect defect, String segment, int line)
            throws Exception {
        NavigableMap<Long, String> kept = new TreeMap<>(Map.of(20L, line(THIRD, 6)));
        assertThat(((VerifyResult.Intact) check(kept)).keptTo()).hasValue(20);
        tampering.with(this);

        VerifyResult result = check(List.of(), kept);

        assertThat(result).isInstanceOfSatisfying(VerifyResult.Broken.class, broken -> {
            assertThat(broken.defect()).as("%s", broken).isEqualTo(defect);
            assertThat(broken.segment()).isEqualTo(file(segment).toString());
            assertThat(broken.line()).isEqualTo(line < 0 ? OptionalLong.empty() : OptionalLong.of(line));
        });
    }

    /** What the check cannot know, so that nobody thinks it could: its words say so, see the command's tests. */
    @Test
    void a_tail_that_is_cut_between_lines_looks_whole_without_one() throws Exception {
        delete(THIRD, 6, 7);

        assertThat(((VerifyResult.Intact) check(new TreeMap<>())).signedTo()).hasValue(17);
    }

    private VerifyResult check(NavigableMap<Long, String> kept) throws Exception {
        return check(List.of(key(KEYS)), kept);
    }

    private VerifyResult check(List<VerificationKey> keys, NavigableMap<Long, String> kept) throws TrailException {
        VerifyResult result = new TrailCheck(keys, kept, Duration.ofMillis(20))
                .run(Segments.of(List.of(directory)), (bytes, lines) -> {});
        try (CheckThread thread = new CheckThread()) {
            CheckThread.TrailOfThread trail = thread.trail(new TrailCheck(keys, kept));
            new TrailWalk((bytes, lines) -> {}, Duration.ofMillis(20)).over(Segments.of(List.of(directory)), trail);
            assertThat(trail.result()).as("on a thread of its own").isEqualTo(result);
        }
        return result;
    }

    private VerificationKey key(KeyPair keys) throws Exception {
        Path file = Files.createTempFile("key", ".pub");
        try {
            Files.writeString(
                    file,
                    "-----BEGIN PUBLIC KEY-----\n"
                            + Base64.getEncoder()
                                    .encodeToString(keys.getPublic().getEncoded()) + "\n-----END PUBLIC KEY-----\n");
            return VerificationKey.read(file);
        } finally {
            Files.delete(file);
        }
    }

    private Path file(String segment) {
        return directory.resolve(segment);
    }

    private void write(List<String> lines, String segment) {
        TrailBuilder.write(file(segment), lines);
    }

    private List<String> lines(String segment) throws IOException {
        byte[] bytes = Files.readAllBytes(file(segment));
        if (segment.endsWith(".gz")) {
            try (var in = new GZIPInputStream(Files.newInputStream(file(segment)))) {
                bytes = in.readAllBytes();
            }
        }
        return new ArrayList<>(List.of(new String(bytes, US_ASCII).split("\n")));
    }

    private String line(String segment, int number) throws IOException {
        return lines(segment).get(number - 1);
    }

    private void edit(String segment, int number, String from, String to) throws IOException {
        List<String> lines = lines(segment);
        String edited = lines.get(number - 1).replaceFirst(Pattern.quote(from), to);
        assertThat(edited).isNotEqualTo(lines.get(number - 1));
        lines.set(number - 1, edited);
        write(lines, segment);
    }

    private void edit(String segment, int number, String from, String to, int longer) throws IOException {
        int before = line(segment, number).length();
        edit(segment, number, from, to);
        assertThat(line(segment, number)).hasSize(before + longer);
    }

    private void delete(String segment, Integer... numbers) throws IOException {
        List<String> lines = lines(segment);
        for (int i = numbers.length - 1; i >= 0; i--) {
            lines.remove(numbers[i] - 1);
        }
        write(lines, segment);
    }

    private void move(String segment, int from, int to) throws IOException {
        List<String> lines = lines(segment);
        lines.add(to - 1, lines.remove(from - 1));
        write(lines, segment);
    }

    private void insert(String segment, int behind, String line) throws IOException {
        List<String> lines = lines(segment);
        lines.add(behind, line);
        write(lines, segment);
    }

    private void append(String segment, List<String> more) throws IOException {
        List<String> lines = lines(segment);
        lines.addAll(more);
        write(lines, segment);
    }

    private void cut(String segment, int bytes) throws IOException {
        byte[] all = Files.readAllBytes(file(segment));
        Files.write(file(segment), Arrays.copyOf(all, all.length - bytes));
    }

    private String signature(String segment, int number) throws IOException {
        return line(segment, number).replaceFirst(".*\"signature\":\"([^\"]*)\".*", "$1");
    }

    /** A line of the right number and binding, behind another. */
    private String forge(String segment, int behind) throws IOException {
        String before = line(segment, behind);
        return new TrailBuilder().after(behind, hash(before)).drain().take().get(0);
    }

    private static TrailBuilder another() {
        return new TrailBuilder().later(Duration.ofDays(1)).start().stop();
    }

    /** A trail that goes on after the last line, a few numbers too far. */
    private TrailBuilder after(int jump) throws IOException {
        return new TrailBuilder().after(21 + jump, hash(line(THIRD, 7)));
    }

    private void reseal(String segment, int number, String from, String to) throws IOException {
        edit(segment, number, from, to);
        List<String> lines = lines(segment);
        lines.set(number - 1, sealed(lines.get(number - 1), null));
        write(lines, segment);
    }

    /** What somebody does who can write the files and compute hashes, and has no key. */
    private void rechain(String segment, int number, String from, String to) throws IOException {
        edit(segment, number, from, to.replace("$", "\\$"));
        String prev = null;
        for (String name : List.of(FIRST, SECOND, THIRD)) {
            List<String> lines = new ArrayList<>();
            for (String line : lines(name)) {
                lines.add(sealed(line, prev));
                prev = hash(lines.get(lines.size() - 1));
            }
            write(lines, name);
        }
    }

    private static String sealed(String line, String prev) {
        String hashed = line.substring(0, line.lastIndexOf(",\"hash\":\""));
        if (prev != null) {
            hashed = hashed.replaceFirst("\"prev\":\"[0-9a-f]*\"", "\"prev\":\"" + prev + "\"");
        }
        return hashed + ",\"hash\":\"" + TrailBuilder.sha256(hashed) + "\"}";
    }

    private static String hash(String line) {
        return line.substring(line.length() - 66, line.length() - 2);
    }

    private void doubleAndAlter() throws IOException {
        Files.copy(file(FIRST), file("u.jsonl.1"));
        reseal("u.jsonl.1", 5, "10.0.0.9", "10.0.0.8");
    }

    private void writeWithOtherKey() throws IOException {
        deleteAll();
        new TrailBuilder().start().checkpoint(OTHER).stop().writeTo(file(FIRST));
    }

    private void writeWithoutCheckpoints() throws IOException {
        deleteAll();
        new TrailBuilder().start().stop().writeTo(file(FIRST));
    }

    private void deleteLastSegments() throws IOException {
        Files.delete(file(SECOND));
        Files.delete(file(THIRD));
    }

    private void startLater() throws IOException {
        deleteAll();
        new TrailBuilder().after(30, "1".repeat(64)).start().writeTo(file("v.jsonl"));
    }

    private void deleteAll() throws IOException {
        deleteLastSegments();
        Files.delete(file(FIRST));
    }
}
