package io.konnectproxy.trail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.StoredObject;
import io.konnectproxy.keys.VerificationKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that somebody can do to the objects of an archive, and what the check says of it. */
class ArchiveTamperingTest {
    private static final KeyPair KEYS = TrailBuilder.newKeys();
    private static final KeyPair OTHER_KEYS = TrailBuilder.newKeys();
    private static final String TRAIL = "00ab12cd34ef";
    private static final String OTHER = "ffffffffffff";
    private static final String TOP = "audit/proxy-1/" + TRAIL + "/";
    private static final String FIRST = TOP + "000000000001.jsonl";
    private static final String SECOND = TOP + "000000000008.jsonl.gz";
    private static final String THIRD = TOP + "000000000015.jsonl";
    private static final String CHECKPOINT = TOP + "checkpoints/000000000020.jsonl";
    private static final String OF_OTHER = "audit/proxy-1/" + OTHER + "/000000000001.jsonl";

    @TempDir
    private Path directory = Path.of("");

    private final MemoryStore store = new MemoryStore();

    /** Three files: lines 1 to 7, 8 to 14, 15 to 21; the third and the sixth line of each is a checkpoint. And another trail. */
    @BeforeEach
    void write() throws IOException {
        TrailBuilder trail = new TrailBuilder().start();
        putTrail(
                TOP,
                segment(trail, 2),
                segment(trail.configuration("segment"), 9),
                segment(trail.configuration("segment"), 16));
        store.put(
                OF_OTHER,
                text(new TrailBuilder()
                        .of(OTHER)
                        .later(Duration.ofDays(1))
                        .start()
                        .checkpoint(KEYS)
                        .stop()
                        .take()));
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

    private void putTrail(String top, List<String> first, List<String> second, List<String> third) throws IOException {
        store.put(FIRST, text(first)).put(SECOND, packed(text(second))).put(THIRD, text(third));
        for (List<String> lines : List.of(first, second, third)) {
            for (String line : lines) {
                if (line.contains("\"event\":\"checkpoint\"")) {
                    String seq = line.replaceFirst(".*\"seq\":(\\d+),.*", "$1");
                    store.put(top + "checkpoints/" + "0".repeat(12 - seq.length()) + seq + ".jsonl", line + "\n");
                }
            }
        }
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(US_ASCII));
        }
        return bytes.toByteArray();
    }

    private interface Tampering {
        void with(ArchiveTamperingTest archive) throws IOException;
    }

    private static Arguments by(String name, Tampering tampering, Defect defect, String object) {
        return Arguments.of(name, tampering, defect, object);
    }

    static Stream<Arguments> it_is_named() {
        return Stream.of(
                by("an object is altered", a -> a.edit(FIRST, "10.0.0.7", "10.0.0.6"), Defect.EDITED, FIRST),
                by("a compressed one", a -> a.damage(SECOND), Defect.DAMAGED_FILE, SECOND),
                by(
                        "the last one",
                        a -> a.edit(THIRD, "idle", "idle", "client_closed", "server_closed"),
                        Defect.EDITED,
                        THIRD),
                by("one is deleted", a -> a.store.remove(SECOND), Defect.SEGMENT_MISSING, THIRD),
                by("one is truncated within a line", a -> a.cut(FIRST, 20), Defect.TORN, FIRST),
                by("one is truncated behind a line", a -> a.cutLine(FIRST), Defect.SEGMENT_MISSING, SECOND),
                by("a compressed one is truncated", a -> a.cut(SECOND, 40), Defect.DAMAGED_FILE, SECOND),
                by("two are swapped", ArchiveTamperingTest::swap, Defect.FALSE_NAME, FIRST),
                by(
                        "one is replaced by another trail's",
                        a -> a.store.put(FIRST, a.store.get(OF_OTHER)),
                        Defect.FALSE_NAME,
                        FIRST),
                by("the last one is", a -> a.store.put(THIRD, a.store.get(OF_OTHER)), Defect.FALSE_NAME, THIRD),
                by(
                        "one is renamed",
                        a -> a.rename(SECOND, TOP + "000000000009.jsonl.gz"),
                        Defect.FALSE_NAME,
                        TOP + "000000000009.jsonl.gz"),
                by(
                        "the first one is renamed",
                        a -> a.rename(FIRST, TOP + "000000000002.jsonl"),
                        Defect.FALSE_NAME,
                        TOP + "000000000002.jsonl"),
                by("a line is appended", a -> a.append(FIRST, "{}\n"), Defect.NOT_A_LINE, FIRST),
                by(
                        "lines of the next one are appended",
                        a -> a.append(FIRST, new String(a.store.get(THIRD), US_ASCII)),
                        Defect.MISSING,
                        FIRST),
                by(
                        "one is put in with a number that another has",
                        ArchiveTamperingTest::doubled,
                        Defect.TWO_FILES,
                        TOP + "000000000008.jsonl"),
                by(
                        "a copy under a later name",
                        a -> a.store.put(TOP + "000000000022.jsonl", a.store.get(THIRD)),
                        Defect.FALSE_NAME,
                        TOP + "000000000022.jsonl"),
                by("one of no lines", a -> a.store.put(SECOND, new byte[0]), Defect.FALSE_NAME, SECOND),
                by(
                        "one of no lines that hides the checkpoints of a deleted one",
                        a -> a.hide(new byte[0]),
                        Defect.FALSE_NAME,
                        TOP + "000000000099.jsonl"),
                by(
                        "a compressed one of no lines that does",
                        a -> a.hide(packed("")),
                        Defect.FALSE_NAME,
                        TOP + "000000000099.jsonl"),
                by("a checkpoint is altered", a -> a.edit(CHECKPOINT, "T18", "T17"), Defect.EDITED, CHECKPOINT),
                by("a checkpoint is cut", a -> a.cut(CHECKPOINT, 1), Defect.NOT_A_LINE, CHECKPOINT),
                by(
                        "a checkpoint is replaced by a line that is none",
                        a -> a.store.put(CHECKPOINT, a.line(THIRD, 7)),
                        Defect.NOT_A_LINE,
                        CHECKPOINT),
                by(
                        "a checkpoint is another's",
                        a -> a.store.put(CHECKPOINT, a.line(OF_OTHER, 2)),
                        Defect.FALSE_NAME,
                        CHECKPOINT),
                by(
                        "a checkpoint is renamed",
                        a -> a.rename(CHECKPOINT, TOP + "checkpoints/000000000025.jsonl"),
                        Defect.FALSE_NAME,
                        TOP + "checkpoints/000000000025.jsonl"),
                by(
                        "a later checkpoint of another key is put in",
                        ArchiveTamperingTest::forge,
                        Defect.OTHER_KEY,
                        TOP + "checkpoints/000000000022.jsonl"),
                by("the last file is written anew", ArchiveTamperingTest::writeAnew, Defect.REWRITTEN, THIRD));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void it_is_named(String name, Tampering tampering, Defect defect, String object) throws Exception {
        assertThat(check(KEYS)).isInstanceOf(VerifyResult.Intact.class);
        tampering.with(this);

        VerifyResult.Broken broken = (VerifyResult.Broken) check(KEYS);

        assertThat(broken.defect()).as("%s", broken).isEqualTo(defect);
        assertThat(broken.segment()).isEqualTo("s3://bucket/" + object);
        assertThat(broken.expected()).isNotEmpty().isNotEqualTo(broken.found());
        assertThat(check(OTHER, List.of(key(KEYS)))).as("the other trail").isInstanceOf(VerifyResult.Intact.class);
    }

    @Test
    void lines_behind_the_last_file_are_named_with_their_number_and_time() throws Exception {
        store.remove(THIRD);

        assertThat(check(KEYS)).isInstanceOfSatisfying(VerifyResult.Intact.class, intact -> {
            assertThat(intact.keptTo()).isEmpty();
            assertThat(intact.signedTo()).hasValue(13);
            assertThat(intact.notHere())
                    .contains(new VerifyResult.NotHere(
                            15, 20, Optional.of("2026-11-22T18:00:00.014000Z"), "2026-11-22T18:00:00.020000Z"));
        });
    }

    @Test
    void a_cut_last_file_shows_by_its_checkpoint() throws Exception {
        cutLine(THIRD);
        cutLine(THIRD);

        assertThat(check(KEYS))
                .isInstanceOfSatisfying(
                        VerifyResult.Intact.class,
                        intact -> assertThat(intact.notHere().orElseThrow().from())
                                .isEqualTo(20));
    }

    @Test
    void a_machine_that_was_lost_before_its_first_file_was_finished_is_a_trail_without_files() throws Exception {
        List.of(FIRST, SECOND, THIRD).forEach(store::remove);

        assertThat(check(KEYS))
                .isEqualTo(new VerifyResult.Absent(
                        new VerifyResult.NotHere(1, 20, Optional.empty(), "2026-11-22T18:00:00.020000Z")));
        edit(CHECKPOINT, "T18", "T17");
        assertThat(check(KEYS))
                .isInstanceOfSatisfying(
                        VerifyResult.Broken.class,
                        broken -> assertThat(broken.segment()).isEqualTo("s3://bucket/" + CHECKPOINT));
    }

    @Test
    void a_hole_is_named_with_the_times_around_it() throws Exception {
        store.remove(SECOND);

        VerifyResult.Broken broken = (VerifyResult.Broken) check(KEYS);

        assertThat(broken.notHere())
                .contains(new VerifyResult.NotHere(
                        8, 14, Optional.of("2026-11-22T18:00:00.007000Z"), "2026-11-22T18:00:00.015000Z"));
    }

    @Test
    void only_checkpoints_from_the_last_file_on_are_read() throws Exception {
        check(KEYS);

        assertThat(store.opened())
                .as("three files and the last checkpoint in them, and the beginnings of two")
                .isEqualTo(3 + 1 + 2);
        store.remove(THIRD);
        int before = store.opened();
        check(KEYS);
        assertThat(store.opened() - before)
                .as("two files, the last checkpoint in them and the newest of all, and the beginnings of two")
                .isEqualTo(2 + 2 + 2);
    }

    @Test
    @Timeout(10)
    void a_listing_that_repeats_itself_or_has_no_order_is_a_trouble() {
        List<StoredObject> first = store.list("audit/", "");
        for (UnaryOperator<List<StoredObject>> pages :
                List.<UnaryOperator<List<StoredObject>>>of(page -> page.isEmpty() ? first : page, page -> {
                    List<StoredObject> backwards = new ArrayList<>(page);
                    Collections.reverse(backwards);
                    return backwards;
                })) {
            store.listAs(pages);
            assertThatThrownBy(this::trails)
                    .isInstanceOf(TrailException.class)
                    .hasMessageContaining("which is not in the order of keys");
        }
    }

    @Test
    void a_foreign_object_is_passed_over_with_a_sentence() throws Exception {
        store.put("audit/README", "hello")
                .put("audit/proxy-1/" + TRAIL + "/1.jsonl", "{}")
                .put("elsewhere/x", "");

        try (Trails trails = trails()) {
            assertThat(trails.all()).hasSize(2);
            assertThat(trails.passedOver())
                    .containsExactly(
                            new Segments.PassedOver(
                                    "s3://bucket/audit/README",
                                    "it is no object of an archive",
                                    Segments.PassedOver.Kind.FOREIGN),
                            new Segments.PassedOver(
                                    "s3://bucket/audit/proxy-1/" + TRAIL + "/1.jsonl",
                                    "it is no object of an archive",
                                    Segments.PassedOver.Kind.FOREIGN));
        }
    }

    @Test
    void a_bucket_of_foreign_objects_does_not_fill_the_memory_with_their_names() throws Exception {
        for (int i = 0; i < 100; i++) {
            store.put("audit/x" + i, "");
        }

        try (Trails trails = trails()) {
            assertThat(trails.passedOver())
                    .hasSize(21)
                    .contains(new Segments.PassedOver(
                            "s3://bucket/audit",
                            "80 more objects are none of an archive",
                            Segments.PassedOver.Kind.FOREIGN));
        }
    }

    @Test
    void a_synced_directory_reads_like_the_bucket() throws Exception {
        store.remove(THIRD);
        store.sync(directory);

        try (Trails trails = Trails.of(List.of(TrailPlace.of(directory)))) {
            assertThat(trails.passedOver()).isEmpty();
            assertThat(trails.all()).hasSize(2);
            Trail trail = trail(trails, TRAIL);
            assertThat(trail.instance()).contains("proxy-1");
            assertThat(check(trail, List.of(key(KEYS))))
                    .isInstanceOfSatisfying(
                            VerifyResult.Intact.class,
                            intact -> assertThat(intact.notHere().orElseThrow().to())
                                    .isEqualTo(20));
        }
    }

    @Test
    void what_the_bucket_and_a_directory_both_have_is_read_once() throws Exception {
        TrailBuilder.write(
                directory.resolve("t-1.jsonl.gz"),
                List.of(new String(store.get(FIRST), US_ASCII).strip().split("\n")));

        try (Trails trails = Trails.of(List.of(TrailPlace.of(directory), place()))) {
            Trail trail = trail(trails, TRAIL);
            assertThat(trails.passedOver()).hasSize(1);
            assertThat(((VerifyResult.Intact) check(trail, List.of())).extent().lines())
                    .isEqualTo(21);
        }
    }

    @Test
    void a_broken_connection_is_gone_on_with_where_it_was() throws Exception {
        store.breakAfter(store.get(FIRST).length / 2);

        assertThat(check(KEYS)).isInstanceOf(VerifyResult.Intact.class);
    }

    @Test
    void a_store_that_answers_no_more_is_a_trouble_and_no_defect() throws Exception {
        try (Trails trails = trails()) {
            store.breakAfter(0);

            assertThatThrownBy(() -> check(trail(trails, TRAIL), List.of()))
                    .isInstanceOf(TrailException.class)
                    .hasMessageEndingWith(" cannot be read: connection reset.");
        }
    }

    @Test
    void an_object_that_is_replaced_while_it_is_read_is_no_defect_and_not_intact() throws Exception {
        try (Trails trails = trails()) {
            edit(FIRST, "10.0.0.7", "10.0.0.6");

            assertThatThrownBy(() -> check(trail(trails, TRAIL), List.of()))
                    .isInstanceOf(TrailException.class)
                    .hasMessage("s3://bucket/" + FIRST + " changed while it was read; verify again.");
        }
    }

    @Test
    void an_object_that_is_deleted_meanwhile_is_the_same() throws Exception {
        try (Trails trails = trails()) {
            store.remove(SECOND);

            assertThatThrownBy(() -> check(trail(trails, TRAIL), List.of()))
                    .isInstanceOf(TrailException.class)
                    .hasMessage("s3://bucket/" + SECOND + " changed while it was read; verify again.");
        }
    }

    /** The second file is put behind the page that would have had it, the third one before the next page. */
    @Test
    void a_listing_that_changes_meanwhile_shows_no_hole() throws Exception {
        byte[] second = store.get(SECOND);
        byte[] third = store.get(THIRD);
        store.remove(SECOND);
        store.remove(THIRD);
        store.put(TOP + "000000000001.jsonl.b", "").put(TOP + "000000000001.jsonl.c", "");
        store.onList(() -> {
            if (store.listed() == 2) {
                store.put(TOP + "000000000001.jsonl.d", "").put(THIRD, third);
            }
            if (store.listed() == 3) {
                store.put(SECOND, second);
            }
        });

        assertThat(check(KEYS)).isInstanceOf(VerifyResult.Intact.class);
    }

    private void edit(String key, String... fromTo) {
        String text = new String(store.get(key), US_ASCII);
        String edited = text;
        for (int i = 0; i < fromTo.length; i += 2) {
            edited = edited.replace(fromTo[i], fromTo[i + 1]);
        }
        assertThat(edited).isNotEqualTo(text);
        store.put(key, edited);
    }

    private void damage(String key) {
        byte[] bytes = store.get(key);
        bytes[bytes.length - 6] ^= 1;
        store.put(key, bytes);
    }

    private void cut(String key, int bytes) {
        byte[] all = store.get(key);
        store.put(key, Arrays.copyOf(all, all.length - bytes));
    }

    private void cutLine(String key) {
        String text = new String(store.get(key), US_ASCII);
        store.put(key, text.substring(0, text.lastIndexOf('\n', text.length() - 2) + 1));
    }

    private void append(String key, String text) {
        store.put(key, new String(store.get(key), US_ASCII) + text);
    }

    private void rename(String from, String to) {
        store.put(to, store.get(from));
        store.remove(from);
    }

    /** Without it, the lines of the deleted file are told to be not here. */
    private void hide(byte[] nothing) {
        store.remove(THIRD);
        store.put(TOP + "000000000099.jsonl", nothing);
    }

    private void swap() throws IOException {
        byte[] first = store.get(FIRST);
        store.put(FIRST, store.get(THIRD)).put(THIRD, first);
    }

    private void doubled() throws IOException {
        List<String> lines = new ArrayList<>(
                segment(new TrailBuilder().after(7, "1".repeat(64)).configuration("segment"), 77));
        store.put(TOP + "000000000008.jsonl", text(lines));
    }

    private String line(String key, int number) {
        return new String(store.get(key), US_ASCII).lines().toList().get(number - 1) + "\n";
    }

    private void forge() {
        store.put(
                TOP + "checkpoints/000000000022.jsonl",
                text(new TrailBuilder()
                        .after(21, "1".repeat(64))
                        .checkpoint(OTHER_KEYS)
                        .take()));
    }

    /** By somebody who has the key, which a checkpoint that was archived before shows. */
    private void writeAnew() throws IOException {
        String before = line(THIRD, 1);
        String prev = before.replaceFirst(".*\"prev\":\"([0-9a-f]*)\".*\n", "$1");
        store.put(
                THIRD,
                text(segment(
                        new TrailBuilder()
                                .later(Duration.ofHours(1))
                                .after(14, prev)
                                .configuration("segment"),
                        16)));
    }

    private static TrailPlace place(MemoryStore store) {
        return TrailPlace.of(BucketUrl.parse("s3://bucket/audit"), store);
    }

    private TrailPlace place() {
        return place(store);
    }

    private Trails trails() throws TrailException {
        return Trails.of(List.of(place()));
    }

    private static Trail trail(Trails trails, String id) {
        return trails.all().stream()
                .filter(trail -> trail.id().equals(Optional.of(id)))
                .findFirst()
                .orElseThrow();
    }

    private VerifyResult check(KeyPair keys) throws Exception {
        return check(TRAIL, List.of(key(keys)));
    }

    private VerifyResult check(String id, List<VerificationKey> keys) throws TrailException {
        try (Trails trails = trails()) {
            return check(trail(trails, id), keys);
        }
    }

    private static VerifyResult check(Trail trail, List<VerificationKey> keys) throws TrailException {
        return new TrailCheck(keys, new TreeMap<>(), trail).run(trail.segments(), (bytes, lines) -> {});
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
}
