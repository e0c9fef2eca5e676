package io.konnectproxy.server.differential;

import static io.konnectproxy.server.differential.Drawn.oneOf;
import static io.konnectproxy.server.differential.HelloSketch.SERVER_NAME;
import static io.konnectproxy.server.differential.HelloSketch.named;
import static io.konnectproxy.server.differential.HelloSketch.names;
import static io.konnectproxy.server.differential.Mutation.Effect.BREAKS;
import static io.konnectproxy.server.differential.Mutation.Effect.MAY_BREAK;

import io.konnectproxy.server.differential.HelloSketch.Extension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** What has made two readers of one ClientHello disagree, or might. */
enum HelloMutation implements Mutation<HelloSketch> {
    LYING_LENGTH(MAY_BREAK, HelloSketch::lie),
    SECOND_SERVER_NAME_EXTENSION(
            BREAKS,
            (hello, random) -> hello.insert(new Extension(SERVER_NAME, names(named(0, "evil.example"))), random)),
    TWO_NAMES(
            BREAKS,
            (hello, random) -> hello.nameInstead(
                    random.nextBoolean()
                            ? names(named(0, hello.name).andThen(named(0, "evil.example")))
                            : names(named(0, "evil.example").andThen(named(0, hello.name))))),
    ODD_NAME_TYPE(BREAKS, (hello, random) -> hello.nameInstead(names(named(1 + random.nextInt(255), hello.name)))),
    ODD_NAME_TYPE_BESIDE_A_NAME(
            BREAKS,
            (hello, random) -> hello.nameInstead(
                    random.nextBoolean()
                            ? names(named(1, "evil.example").andThen(named(0, hello.name)))
                            : names(named(0, hello.name).andThen(named(1, "evil.example"))))),
    BYTES_BEHIND_THE_NAME(BREAKS, (hello, random) -> {
        byte[] more = Bytes.random(1 + random.nextInt(4), random);
        hello.nameInstead(
                random.nextBoolean()
                        ? names(named(0, hello.name).andThen(list -> list.raw(more)))
                        : names(named(0, hello.name)).andThen(data -> data.raw(more)));
    }),
    EMPTY_LIST_OF_NAMES(BREAKS, (hello, random) -> hello.nameInstead(names(list -> {}))),
    EMPTY_SERVER_NAME_EXTENSION(BREAKS, (hello, random) -> hello.nameInstead(data -> {})),
    NO_SERVER_NAME(BREAKS, (hello, random) -> hello.extensions.removeIf(one -> one.type() == SERVER_NAME)),
    NO_EXTENSIONS(BREAKS, (hello, random) -> hello.extensionBlock = false),
    ODD_NAME(
            BREAKS,
            (hello, random) -> hello.name = oneOf(
                    random,
                    "",
                    ".",
                    hello.name + ".",
                    "." + hello.name,
                    "127.0.0.1",
                    "::1",
                    "[::1]",
                    "a.0x7f",
                    "2130706433",
                    "a..b",
                    "x".repeat(256),
                    hello.name + ":443",
                    "*." + hello.name)),
    ODD_BYTE_IN_NAME(
            BREAKS,
            (hello, random) -> hello.name = Drawn.inserted(
                    hello.name,
                    oneOf(random, "\u0000", " ", "\n", "%", "/", "\u0080", "\u00e9", "\u00ff", "@", ","),
                    random)),
    OTHER_CASE(MAY_BREAK, (hello, random) -> hello.name = Drawn.recased(hello.name, random)),
    REPEATED_EXTENSION(BREAKS, (hello, random) -> {
        if (!hello.extensions.isEmpty()) {
            hello.insert(Drawn.oneFrom(hello.extensions, random), random);
        }
    }),
    UNKNOWN_EXTENSION(MAY_BREAK, (hello, random) -> {
        byte[] data = Bytes.random(random.nextInt(2000), random);
        hello.insert(new Extension(random.nextInt(0x10000), out -> out.raw(data)), random);
    }),
    FORGED_EXTENSION(MAY_BREAK, (hello, random) -> {
        byte[] data = Bytes.random(random.nextInt(8), random);
        hello.insert(new Extension(oneOf(random, 16, 43, 10, 51, 41), out -> out.raw(data)), random);
    }),
    BYTES_BEHIND_THE_EXTENSIONS(
            BREAKS, (hello, random) -> hello.behindExtensions = Bytes.random(1 + random.nextInt(4), random)),
    BYTES_BEHIND_THE_MESSAGE(
            BREAKS, (hello, random) -> hello.records.behindMessage = Bytes.random(1 + random.nextInt(50), random)),
    ANOTHER_HELLO_IN_THE_RECORD(
            BREAKS,
            (hello, random) ->
                    hello.records.behindMessage = WellFormedHello.draw(random).message()),
    SEVERAL_RECORDS(BREAKS, (hello, random) -> hello.records.cut(hello.message().length, random)),
    MANY_RECORDS(
            BREAKS,
            (hello, random) -> hello.records.cuts =
                    IntStream.range(1, 29 + random.nextInt(8)).boxed().toList()),
    EMPTY_RECORD(BREAKS, (hello, random) -> {
        List<Integer> cuts = new ArrayList<>(hello.records.cuts);
        cuts.add(random.nextInt(60));
        cuts.add(Drawn.oneFrom(cuts, random));
        Collections.sort(cuts);
        hello.records.cuts = cuts;
    }),
    ODD_RECORD_TYPE(BREAKS, (hello, random) -> hello.records.type = oddType(random)),
    ODD_TYPE_OF_LATER_RECORDS(BREAKS, (hello, random) -> {
        hello.records.cuts = List.of(1 + random.nextInt(60), 61);
        hello.records.laterType = oddType(random);
    }),
    ODD_VERSION_OF_LATER_RECORDS(BREAKS, (hello, random) -> {
        hello.records.cuts = List.of(1 + random.nextInt(60), 61);
        hello.records.laterMajor = oneOf(random, 2, 0, 4, 254);
    }),
    ODD_RECORD_VERSION(MAY_BREAK, (hello, random) -> {
        hello.records.major = oneOf(random, 3, 3, 2, 0, 1, 254);
        hello.records.minor = random.nextInt(256);
    }),
    ODD_MESSAGE_TYPE(BREAKS, (hello, random) -> hello.messageType = oneOf(random, 0, 2 + random.nextInt(254))),
    ODD_VERSION(BREAKS, (hello, random) -> hello.version = oneOf(random, 0x0300, 0x0304, 0x0002, 0x7f1c, 0xfefd)),
    ODD_SESSION_ID(BREAKS, (hello, random) -> hello.sessionId = Bytes.random(oneOf(random, 33, 255), random)),
    ODD_SUITES(BREAKS, (hello, random) -> hello.suites = Bytes.random(oneOf(random, 0, 1, 3, 513), random)),
    ODD_COMPRESSION(MAY_BREAK, (hello, random) -> hello.compression = Bytes.random(random.nextInt(4), random)),
    LONG_HELLO(MAY_BREAK, (hello, random) -> {
        byte[] data = new byte[15_000 + random.nextInt(2000)];
        hello.insert(new Extension(0x1234, out -> out.raw(data)), random);
    });

    @SuppressWarnings("ImmutableEnumChecker") // each is a lambda that holds nothing
    private final Change<HelloSketch> change;

    private final Effect effect;

    HelloMutation(Effect effect, Change<HelloSketch> change) {
        this.effect = effect;
        this.change = change;
    }

    @Override
    public Effect effect() {
        return effect;
    }

    @Override
    public void change(HelloSketch hello, RandomGenerator random) {
        change.change(hello, random);
    }

    private static int oddType(RandomGenerator random) {
        return oneOf(random, 20, 21, 23, 24, 0, 0x80, 23 + random.nextInt(233));
    }
}
