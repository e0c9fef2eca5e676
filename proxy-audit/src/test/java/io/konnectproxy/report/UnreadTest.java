package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.event.Printable;
import io.konnectproxy.trail.event.TrailEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines that can't be read are never silently left out, and never guessed at. */
class UnreadTest {
    private static final String HEAD = "{\"v\":1,\"seq\":1,\"time\":\"2026-11-22T18:00:00.000000Z\",\"event\":";
    private static final String DECISION =
            HEAD + "\"decision\",\"id\":\"1\",\"client\":{\"address\":\"a\",\"user\":null},"
                    + "\"target\":null,\"verdict\":\"permitted\",\"reason\":\"r\",\"rule\":null,\"enforced\":true}";

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``                                          | it is not one JSON object
        null                                        | it is not one JSON object
        [1]                                         | it is not one JSON object
        {"v":1                                      | it is not JSON
        {}                                          | it does not begin with v, trail, seq, time and event
        {"seq":1,"v":1}                             | it does not begin with v, trail, seq, time and event
        {"v":3,"seq":1}                             | it is of version 3, and versions 1 to 2 are what this program understands
        {"v":0,"seq":1}                             | it is of version 0, and versions 1 to 2 are what this program understands
        {"v":2,"seq":1}                             | it does not begin with v, trail, seq, time and event
        {"v":2,"trail":1,"seq":1}                   | its 'trail' is not text
        {"v":1,"trail":"00ab12cd34ef","seq":1}      | it does not begin with v, trail, seq, time and event
        {"v":1,"seq":"1"}                           | its 'seq' is not a whole number
        {"v":1,"seq":-1}                            | its 'seq' is not a number from 0 up
        {"v":1,"seq":99999999999999999999}          | it is not JSON
        {"v":1,"seq":1,"time":"2026-11-22"}         | its 'time' is not a time like 2026-11-22T18:00:00.123456Z
        {"v":1,"seq":1,"time":"2026-02-30T18:00:00.000000Z"} | its 'time' is not a time like 2026-11-22T18:00:00.123456Z
        HEAD"start"} trailing                       | it is not JSON
        HEAD"start"}{}                              | it has more behind its JSON object
        HEAD"start","version":1}                    | its 'version' is not text
        HEAD"start","version":"1","version":"2"}    | it has 'version' twice
        HEAD"gap","lost":1}                         | it has no 'from'
        HEAD"gap","lost":-1}                        | its 'lost' is not a number from 0 up
        HEAD"decision"}                             | it has no 'verdict'
        HEAD"decision","enforced":"no"}             | its 'enforced' is not true or false
        HEAD"decision","client":"10.0.0.7"}         | its 'client' is not an object
        HEAD"decision","client":{"port":65536}}     | its 'port' is not a number from 0 to 65535
        HEAD"tunnel","upstream":{"port":2147483648}} | its 'port' is not a number from 0 to 65535
        HEAD"tunnel","upstream":{"status":1000}}    | its 'status' is not a number from 0 to 999
        HEAD"tunnel","duration_ms":9223372036855}   | its 'duration_ms' is not a number from 0 to 9223372036854
        HEAD"decision","verdict":"perhaps"}         | its 'verdict' is neither permitted nor refused
        HEAD"refusals"}                             | it has no 'count'
        HEAD"refusals","count":1,"reasons":{"a":2}} | its 'count' is not what its 'reasons' add up to
        HEAD"refusals","count":1,"reasons":{"a":1}} | it has no 'first'
        HEAD"refusals","count":1,"reasons":[1]}     | its 'reasons' is not an object
        HEAD"refusals","client":"10.0.0.7"}         | its 'client' is not an object
        HEAD"tunnel","id":"1"}                      | it has no 'target'
        HEAD"configuration","digest":"d"}           | it has no 'policy'
        HEAD"configuration","digest":"d","policy":{"mode":"enforce"}} | its 'mode' is not a list
        """)
    void names_a_line_that_cannot_be_read(String line, String reason) {
        AuditReport report = new Story().raw(line.replace("HEAD", HEAD)).report();

        assertThat(report.unread().lines())
                .containsExactly(new Unread.UnreadLine(new LinePosition("trail.jsonl", 1), reason));
        assertThat(report.input().read()).isZero();
    }

    @Test
    void reads_the_same_line_when_nothing_is_wrong_with_it() {
        assertThat(new Story().raw(DECISION).report().traffic().total().permitted())
                .isEqualTo(1);
    }

    @Test
    void names_the_first_lines_that_cannot_be_read_and_counts_all() {
        Story story = new Story();
        for (int i = 0; i < 1_000; i++) {
            story.raw("garbage");
        }
        Unread unread = story.report().unread();

        assertThat(unread.count()).isEqualTo(1_000);
        assertThat(unread.lines()).hasSize(Unread.NAMED);
    }

    @Test
    void takes_an_object_of_very_many_members_in_no_time() {
        StringBuilder line = new StringBuilder(HEAD + "\"start\"");
        for (int i = 0; i < 200_000; i++) {
            line.append(",\"").append(i).append("\":0");
        }

        assertThat(new Story()
                        .raw(line.append('}').toString())
                        .report()
                        .unread()
                        .lines())
                .extracting(Unread.UnreadLine::reason)
                .containsExactly("it has an object of more than 256 members");
    }

    @Test
    void counts_fields_of_later_versions_without_end() {
        Story story = new Story();
        for (int i = 0; i < 3_000; i++) {
            story.raw(HEAD + "\"start\",\"field" + i + "\":1}");
        }

        assertThat(story.report().unread().fields())
                .hasSizeLessThanOrEqualTo(1_001)
                .containsEntry("(others)", 2_000L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        cloud.konghq.com        | cloud.konghq.com
        Zürich                  | Zürich
        a\\u001b[31mred         | a\\u001b[31mred
        line\\nfeed             | line\\u000afeed
        \\u202egnp.exe          | \\u202egnp.exe
        \\ud83d\\ude00          | \\ud83d\\ude00
        """)
    void makes_text_harmless(String written, String shown) {
        // What stands in the JSON with an escape is a real control character behind it, and is to be seen as an escape
        // again.
        AuditReport report = new Story()
                .raw(HEAD + "\"torn\",\"kept_as\":\"x\",\"bytes\":1,\"reason\":\"" + written + "\"}")
                .report();

        assertThat(((TrailEvent.Torn) report.losses().kept().get(0).event()).reason())
                .isEqualTo(shown);
    }

    @Test
    void cuts_text_that_is_longer_than_any_of_the_trail() {
        String reason = ((TrailEvent.Torn) new Story()
                        .raw(HEAD + "\"torn\",\"kept_as\":\"x\",\"bytes\":1,\"reason\":\"" + "a".repeat(100_000)
                                + "\"}")
                        .report()
                        .losses()
                        .kept()
                        .get(0)
                        .event())
                .reason();

        assertThat(reason).hasSize(Printable.MAX_LENGTH).endsWith("a...");
    }
}
