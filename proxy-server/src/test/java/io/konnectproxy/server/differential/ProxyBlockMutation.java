package io.konnectproxy.server.differential;

import static io.konnectproxy.server.differential.Drawn.oneOf;
import static io.konnectproxy.server.differential.Mutation.Effect.BREAKS;
import static io.konnectproxy.server.differential.Mutation.Effect.MAY_BREAK;
import static io.konnectproxy.server.differential.ProxySketch.ADDRESSES;
import static io.konnectproxy.server.differential.ProxySketch.COMMAND;
import static io.konnectproxy.server.differential.ProxySketch.FAMILY_BYTE;
import static io.konnectproxy.server.differential.ProxySketch.PORTS;
import static io.konnectproxy.server.differential.ProxySketch.SIGNATURE;
import static io.konnectproxy.server.differential.ProxySketch.VECTORS;
import static io.konnectproxy.server.differential.ProxySketch.uint16;
import static io.konnectproxy.server.differential.ProxySketch.vector;

import java.util.random.RandomGenerator;

/** What two readers of a block of version 2 might take for different things. */
enum ProxyBlockMutation implements Mutation<ProxySketch> {
    THE_PEER_ITSELF(MAY_BREAK, (block, random) -> block.parts[COMMAND] = " "),
    THE_PEER_WITHOUT_MORE(MAY_BREAK, (block, random) -> {
        block.parts[COMMAND] = " ";
        block.parts[FAMILY_BYTE] = oneOf(random, "\0", "\u00ff");
        block.parts[ADDRESSES] = block.parts[PORTS] = block.parts[VECTORS] = "";
        block.measure(0);
    }),
    OTHER_VERSION_OR_COMMAND(
            BREAKS,
            (block, random) -> block.parts[COMMAND] = oneOf(random, "\u0011", "1", "\0", "\"", "/", "\u00ff", "\1")),
    OTHER_FAMILY(
            BREAKS,
            (block, random) -> block.parts[FAMILY_BYTE] =
                    oneOf(random, "\0", "\u0010", "\u0012", "\u0013", " ", "\"", "1", "2", "A", "\u00ff")),
    SHORT_ADDRESSES(BREAKS, (block, random) -> {
        block.parts[ADDRESSES] =
                block.parts[ADDRESSES].substring(0, random.nextInt(Math.max(1, block.parts[ADDRESSES].length())));
        block.parts[VECTORS] = "";
        block.measure(0);
    }),
    NO_CLIENT(BREAKS, (block, random) -> {
        int size = block.parts[ADDRESSES].length() / 2;
        String none = size == 4
                ? oneOf(random, "\0\0\0\0", "\0\1\2\3", "\u00e0\0\0\1", "\u00ff\u00ff\u00ff\u00ff")
                : oneOf(random, "\0".repeat(16), "\u00ff".repeat(16), "\0".repeat(10) + "\u00ff\u00ff\0\0\0\0");
        block.parts[ADDRESSES] = none + block.parts[ADDRESSES].substring(size);
    }),
    LYING_LENGTH(MAY_BREAK, (block, random) -> block.measure(oneOf(random, -1, 1, -3, 3, 40, 256, 40_000))),
    BEYOND_THE_LIMIT(BREAKS, (block, random) -> {
        block.parts[VECTORS] += vector(4, 2048 + random.nextInt(20));
        block.measure(0);
    }),
    WRONG_CHECKSUM(MAY_BREAK, (block, random) -> {
        block.parts[VECTORS] += vector(3, oneOf(random, 4, 4, 0, 3, 5));
        block.measure(0);
    }),
    A_VECTOR_BEYOND_THE_END(BREAKS, (block, random) -> {
        block.parts[VECTORS] += oneOf(random, "\4", "\4\0", "\4\0\1", "\4" + uint16(0xffff), "\0\0\5abcd");
        block.measure(0);
    }),
    A_VECTOR_OF_VECTORS(MAY_BREAK, (block, random) -> {
        block.parts[VECTORS] += vector(0x20, random.nextInt(12));
        block.measure(0);
    }),
    OTHER_SIGNATURE(
            BREAKS,
            (block, random) -> block.parts[SIGNATURE] =
                    oneOf(random, "", "\r\n", "\r\n\r\n\0\r\nQUIT\r\n", "\r\n\r\n\0\r\nquit\n", "\n\n\0\nQUIT\n"));

    @SuppressWarnings("ImmutableEnumChecker") // each is a lambda that holds nothing
    private final Change<ProxySketch> change;

    private final Effect effect;

    ProxyBlockMutation(Effect effect, Change<ProxySketch> change) {
        this.effect = effect;
        this.change = change;
    }

    @Override
    public Effect effect() {
        return effect;
    }

    @Override
    public void change(ProxySketch block, RandomGenerator random) {
        change.change(block, random);
    }
}
