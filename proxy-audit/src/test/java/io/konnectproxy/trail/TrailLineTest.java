package io.konnectproxy.trail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One form is a line of the trail; everything near it is not. */
class TrailLineTest {
    private static final KeyPair KEYS = TrailBuilder.newKeys();
    private static final String DECISION = line(new TrailBuilder().permitted("a1", "10.0.0.7", "cloud.konghq.com"));
    private static final String CHECKPOINT = line(new TrailBuilder().checkpoint(KEYS));

    private final TrailLine line = new TrailLine();

    static Stream<String> every_event_is_read() {
        return new TrailBuilder()
                        .start()
                        .configuration("start")
                        .permitted("a1", "10.0.0.7", "cloud.konghq.com")
                        .tunnel("a1", "cloud.konghq.com", "client_closed", 1, 2, 3)
                        .refused("a2", "10.0.0.8", "example.com:443", "host_not_konnect")
                        .gap(12, "no space left on device")
                        .torn("t.jsonl.torn-20261122T180000Z", 5)
                        .mirror("syslog+tls://logs.corp:6514", 5)
                        .checkpoint(KEYS)
                        .drain()
                        .stop()
                        .take()
                        .stream();
    }

    @ParameterizedTest
    @MethodSource
    void every_event_is_read(String text) {
        assertThat(read("..." + text + "...", 3)).as(line.fault()).isTrue();
        assertThat(line.hashFits()).isTrue();
        assertThat(line.text()).isEqualTo(text);
        assertThat(text)
                .contains("\"seq\":" + line.seq() + ",\"time\":\"" + line.time() + "\",\"event\":\"" + line.event()
                        + "\"")
                .contains("\"prev\":\"" + line.prev() + "\"")
                .endsWith("\"hash\":\"" + line.hash() + "\"}");
        assertThat(line.isEvent(line.event())).isTrue();
        assertThat(line.isEvent(line.event() + "s")).isFalse();
        assertThat(line.link()).isEqualTo(new Link(line.seq(), line.hash(), line.trail()));
        assertThat(line.checkpoint().isPresent()).isEqualTo(text.contains("\"checkpoint\""));
    }

    @Test
    void a_line_of_version_2_has_a_trail_and_one_of_version_1_has_none() {
        assertThat(read(DECISION, 0)).isTrue();
        assertThat(line.trail()).contains("00ab12cd34ef");
        assertThat(read(new TrailBuilder().version1().stop().take().get(0), 0)).isTrue();
        assertThat(line.trail()).isEmpty();
    }

    @Test
    void an_edited_line_is_one_whose_hash_does_not_fit() {
        assertThat(read(DECISION.replace("10.0.0.7", "10.0.0.9"), 0)).isTrue();
        assertThat(line.hashFits()).isFalse();
    }

    @Test
    void the_largest_number_is_read() {
        assertThat(read(DECISION.replace("\"seq\":1,", "\"seq\":999999999999999999,"), 0))
                .isTrue();
        assertThat(line.seq()).isEqualTo(999_999_999_999_999_999L);
    }

    static Stream<Arguments> what_is_nearly_a_line_is_none() {
        String hash = DECISION.substring(DECISION.length() - 66, DECISION.length() - 2);
        return Stream.of(
                Arguments.of("empty", ""),
                Arguments.of("a brace", "{"),
                Arguments.of("the begin of version 1 only", "{\"v\":1,\"seq\":"),
                Arguments.of("the begin of version 2 only", "{\"v\":2,\"trail\":\""),
                Arguments.of("half a trail", "{\"v\":2,\"trail\":\"00ab12"),
                Arguments.of("a trail only", "{\"v\":2,\"trail\":\"00ab12cd34ef"),
                Arguments.of("other version", DECISION.replace("\"v\":2", "\"v\":3")),
                Arguments.of("version 1 with a trail", DECISION.replace("\"v\":2", "\"v\":1")),
                Arguments.of("version 2 without a trail", DECISION.replace("\"trail\":\"00ab12cd34ef\",", "")),
                Arguments.of("a short trail", DECISION.replace("00ab12cd34ef", "00ab12cd34e")),
                Arguments.of("a long trail", DECISION.replace("00ab12cd34ef", "00ab12cd34ef0")),
                Arguments.of("a trail in upper case", DECISION.replace("00ab12cd34ef", "00AB12cd34ef")),
                Arguments.of("a trail that is not hex", DECISION.replace("00ab12cd34ef", "00ab12cd34eg")),
                Arguments.of("a space", DECISION.replace("{\"v\":2,", "{\"v\":2, ")),
                Arguments.of("seq 0", DECISION.replace("\"seq\":1", "\"seq\":0")),
                Arguments.of("seq with a leading zero", DECISION.replace("\"seq\":1", "\"seq\":01")),
                Arguments.of("negative seq", DECISION.replace("\"seq\":1", "\"seq\":-1")),
                Arguments.of("seq with a plus", DECISION.replace("\"seq\":1", "\"seq\":+1")),
                Arguments.of("seq as text", DECISION.replace("\"seq\":1", "\"seq\":\"1\"")),
                Arguments.of("no seq", DECISION.replace("\"seq\":1", "\"seq\":")),
                Arguments.of("seq beyond a long", DECISION.replace("\"seq\":1", "\"seq\":1" + "0".repeat(18))),
                Arguments.of("milliseconds", DECISION.replace("01000Z", "01Z")),
                Arguments.of("another zone", DECISION.replace("01000Z", "01000+")),
                Arguments.of("a letter in the time", DECISION.replace("2026-", "2O26-")),
                Arguments.of("no event", DECISION.replace("\"decision\"", "\"\"")),
                Arguments.of("an event of two words", DECISION.replace("decision", "a decision")),
                Arguments.of("an event in upper case", DECISION.replace("decision", "DECISION")),
                Arguments.of("a stray byte after the event", DECISION.replace("decision\",", "decision\";")),
                Arguments.of("upper-case hash", DECISION.replace(hash, hash.toUpperCase(Locale.ROOT))),
                Arguments.of("a short hash", DECISION.replace(hash, hash.substring(1))),
                Arguments.of("a long hash", DECISION.replace(hash, hash + "0")),
                Arguments.of("upper-case prev", DECISION.replace("\"prev\":\"0", "\"prev\":\"A")),
                Arguments.of("no prev", DECISION.replaceAll(",\"prev\":\"0{64}\"", "")),
                Arguments.of("no hash", DECISION.replace(",\"hash\":\"" + hash + "\"", "")),
                Arguments.of("prev after hash", DECISION.replace("prev", "hash")),
                Arguments.of("a byte at the end", DECISION + " "),
                Arguments.of("a carriage return", DECISION + "\r"),
                Arguments.of("a byte before", " " + DECISION),
                Arguments.of("a tab", DECISION.replace("cloud.", "clo\td.")),
                Arguments.of("a delete", DECISION.replace("cloud.", "clo\u007fd.")),
                Arguments.of("a byte beyond ASCII", DECISION.replace("cloud.", "clo\u00fcd.")),
                Arguments.of("cut off", DECISION.substring(0, DECISION.length() - 1)),
                Arguments.of("two lines in one", DECISION + DECISION + "}"),
                Arguments.of(
                        "a signature on a decision", DECISION.replace(",\"hash\"", ",\"signature\":\"\",\"hash\"")),
                Arguments.of("a checkpoint without signature", CHECKPOINT.replaceAll(",\"signature\":\"[^\"]*\"", "")),
                Arguments.of(
                        "a signature that is not base64", CHECKPOINT.replace("\"signature\":\"", "\"signature\":\"_")),
                Arguments.of("a signature with bits left over", CHECKPOINT.replaceAll("[AQgw]==\"", "B==\"")),
                Arguments.of("a checkpoint without key", CHECKPOINT.replaceAll(",\"key\":\"[^\"]*\"", "")),
                Arguments.of("a checkpoint with more fields", CHECKPOINT.replace(",\"prev\"", ",\"a\":1,\"prev\"")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void what_is_nearly_a_line_is_none(String name, String text) {
        assertThat(List.of(DECISION, CHECKPOINT)).doesNotContain(text);
        assertThat(read(text, 0)).isFalse();
        assertThat(line.fault()).startsWith("it");
    }

    private boolean read(String text, int margin) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        return line.read(bytes, margin, bytes.length - margin);
    }

    private static String line(TrailBuilder trail) {
        return trail.take().get(0);
    }
}
