package io.konnectproxy.server.differential;

import static io.konnectproxy.server.differential.Drawn.inserted;
import static io.konnectproxy.server.differential.Drawn.oneOf;
import static io.konnectproxy.server.differential.Drawn.recased;
import static io.konnectproxy.server.differential.HeadSketch.CRLF;
import static io.konnectproxy.server.differential.Mutation.Effect.BREAKS;
import static io.konnectproxy.server.differential.Mutation.Effect.MAY_BREAK;

import java.util.List;
import java.util.random.RandomGenerator;

/** What has made two readers of one request disagree, or might. */
enum HeadMutation implements Mutation<HeadSketch> {
    OTHER_CASE(MAY_BREAK, (head, random) -> head.retarget(target -> recased(target, random), random)),
    ODD_PORT(
            BREAKS,
            (head, random) -> head.retarget(
                    target -> host(target)
                            + oneOf(
                                    random,
                                    "",
                                    ":",
                                    ":0",
                                    ":0443",
                                    ":65536",
                                    ":+443",
                                    ":-1",
                                    ":0x1bb",
                                    ":443:443",
                                    ":99999999999",
                                    ":4\u00b3"),
                    random)),
    ABSOLUTE_FORM(
            BREAKS,
            (head, random) -> head.retarget(
                    target ->
                            oneOf(random, "http://", "https://", "//", "/") + target + oneOf(random, "", "/", "/a?b#c"),
                    random)),
    ASTERISK_FORM(BREAKS, (head, random) -> head.retarget(target -> "*", random)),
    PATH_BEHIND_THE_PORT(
            BREAKS,
            (head, random) -> head.retarget(target -> target + oneOf(random, "/", "?x", "#x", "/..;", "\\x"), random)),
    USER_INFORMATION(
            BREAKS,
            (head, random) -> head.retarget(
                    target -> random.nextBoolean() ? "evil.example:443@" + target : target + "@evil.example:443",
                    random)),
    ANOTHER_HOST_BEHIND_A_COMMA(
            BREAKS, (head, random) -> head.retarget(target -> target + ",evil.example:443", random)),
    ADDRESS_IN_BRACKETS(
            MAY_BREAK,
            (head, random) -> head.retarget(
                    target -> oneOf(
                            random,
                            "[::1]:443",
                            "[::]:1",
                            "[fe80::1%25eth0]:443",
                            "[fe80::1%eth0]:443",
                            "[:443",
                            "[::1:443",
                            "[]:443",
                            "[1::2::3]:443",
                            "::1:443",
                            "[us.api.konghq.com]:443"),
                    random)),
    NUMBER_FOR_A_HOST(
            MAY_BREAK,
            (head, random) -> head.retarget(
                    target -> oneOf(random, "2130706433", "0x7f.1", "127.1", "1.2.3.4.", "a.1", "0") + ":443", random)),
    PERCENT(
            BREAKS,
            (head, random) -> head.retarget(
                    target -> inserted(target, oneOf(random, "%", "%2e", "%00", "%0d%0a"), random), random)),
    BAD_NAME(
            MAY_BREAK,
            (head, random) -> head.retarget(
                    target -> inserted(target, oneOf(random, ".", "..", "-", "_", "*", "x".repeat(64)), random),
                    random)),
    ODD_BYTE_IN_TARGET(
            BREAKS, (head, random) -> head.retarget(target -> inserted(target, oddByte(random), random), random)),
    OTHER_METHOD(
            BREAKS,
            (head, random) -> head.method = oneOf(
                    random,
                    "GET",
                    "connect",
                    "Connect",
                    "CONNECTX",
                    "PRI",
                    "CON NECT",
                    "",
                    " CONNECT",
                    "CONNECT\u0000",
                    "@")),
    OTHER_VERSION(
            BREAKS,
            (head, random) -> head.version = oneOf(
                    random,
                    "HTTP/1.2",
                    "HTTP/0.9",
                    "HTTP/2.0",
                    "http/1.1",
                    "HTTP/1.10",
                    "HTTP/01.1",
                    "HTTP/1",
                    "HTTP/1.1 ",
                    "ICY/1.1",
                    "")),
    OTHER_SEPARATOR(BREAKS, (head, random) -> {
        String separator = oneOf(random, "  ", "\t", "\u000b", "\u00a0", "", " \t");
        if (random.nextBoolean()) {
            head.beforeTarget = separator;
        } else {
            head.beforeVersion = separator;
        }
    }),
    LINE_BEFORE_THE_REQUEST(
            BREAKS,
            (head, random) ->
                    head.method = oneOf(random, CRLF, "\n", "\r", "\u0000", "GET / HTTP/1.1\r\n\r\n") + head.method),
    ODD_END_OF_REQUEST_LINE(BREAKS, (head, random) -> head.requestEnd = oddEnd(random)),
    ODD_END_OF_LINE(MAY_BREAK, (head, random) -> head.changeLine(line -> line.replace(CRLF, oddEnd(random)), random)),
    ODD_END_OF_HEAD(MAY_BREAK, (head, random) -> head.end = oddEnd(random)),
    ODD_BYTE_IN_LINE(
            MAY_BREAK, (head, random) -> head.changeLine(line -> inserted(line, oddByte(random), random), random)),
    FOLDED_LINE(
            BREAKS,
            (head, random) -> head.changeLine(
                    line -> line.replaceFirst(":", oneOf(random, ":\r\n ", ":\r\n\t", ":\n ", "\r\n :")), random)),
    INDENTED_LINE(BREAKS, (head, random) -> head.changeLine(line -> oneOf(random, " ", "\t") + line, random)),
    SPACE_BEFORE_THE_COLON(
            BREAKS,
            (head, random) ->
                    head.changeLine(line -> line.replaceFirst(":", oneOf(random, " :", "\t:", "\u000b:")), random)),
    NO_COLON(MAY_BREAK, (head, random) -> head.changeLine(line -> line.replace(":", ""), random)),
    NO_NAME(BREAKS, (head, random) -> head.changeLine(line -> line.substring(Math.max(0, line.indexOf(':'))), random)),
    NO_HOST(MAY_BREAK, (head, random) -> head.removeHost()),
    SECOND_HOST(
            MAY_BREAK,
            (head, random) -> head.insert(
                    random.nextBoolean() ? WellFormedHead.hostLine(random) : "Host: evil.example:443\r\n", random)),
    OTHER_HOST(
            MAY_BREAK,
            (head, random) -> head.hostValue = oneOf(
                    random,
                    "evil.example:443",
                    "",
                    head.hostValue + ":443",
                    head.hostValue + ",evil.example",
                    head.hostValue + " evil.example",
                    head.hostValue + "/",
                    "http://" + head.hostValue,
                    host(head.target) + ":80",
                    host(head.target) + ".",
                    host(head.target) + ":")),
    SWAPPED_LINES(MAY_BREAK, (head, random) -> {
        List<String> shuffled = Drawn.shuffled(head.lines, random);
        head.lines.clear();
        head.lines.addAll(shuffled);
    }),
    SWAPPED_NAMES(
            MAY_BREAK,
            (head, random) -> head.changeLine(
                    line -> oneOf(random, "Host", "Content-Length", "X-Other", "Transfer-Encoding")
                            + line.substring(Math.max(0, line.indexOf(':'))),
                    random)),
    LYING_LENGTH(
            BREAKS,
            (head, random) -> head.insert(
                    "Content-Length:" + oneOf(random, "5", " 00", " +0", " -0", " 0, 0", "", " 0x0", " 0;") + CRLF,
                    random)),
    TRANSFER_ENCODING(
            BREAKS,
            (head, random) -> head.insert(
                    "Transfer-Encoding" + oneOf(random, ": chunked", ": identity", ":", " : chunked", ":\u000bchunked")
                            + CRLF,
                    random)),
    EARLY_END(MAY_BREAK, (head, random) -> head.insert(CRLF, random)),
    MANY_FIELDS(MAY_BREAK, (head, random) -> {
        for (int fields = 55 + random.nextInt(15); fields > 0; fields--) {
            head.lines.add("X: y\r\n");
        }
    }),
    LONG_LINE(MAY_BREAK, (head, random) -> head.insert("X: " + "y".repeat(8180 + random.nextInt(20)) + CRLF, random)),
    LONG_HEAD(MAY_BREAK, (head, random) -> {
        head.insert("X: " + "y".repeat(8000) + CRLF, random);
        head.insert("X: " + "y".repeat(8000 + random.nextInt(190)) + CRLF, random);
    });

    @SuppressWarnings("ImmutableEnumChecker") // each is a lambda that holds nothing
    private final Change<HeadSketch> change;

    private final Effect effect;

    HeadMutation(Effect effect, Change<HeadSketch> change) {
        this.effect = effect;
        this.change = change;
    }

    @Override
    public Effect effect() {
        return effect;
    }

    @Override
    public void change(HeadSketch head, RandomGenerator random) {
        change.change(head, random);
    }

    private static String host(String target) {
        int colon = target.lastIndexOf(':');
        return colon < 0 ? target : target.substring(0, colon);
    }

    private static String oddByte(RandomGenerator random) {
        return oneOf(
                random, "\u0000", "\r", "\n", "\t", " ", "\u000b", "\u000c", "\u001b", "\u007f", "\u0080", "\u0085",
                "\u00e9");
    }

    private static String oddEnd(RandomGenerator random) {
        return oneOf(random, "\n", "\r", "\r\r\n", "\n\r", " \r\n", "\r \n", "\u0085", "\u000b\n");
    }
}
