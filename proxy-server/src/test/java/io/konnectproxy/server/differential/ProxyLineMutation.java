package io.konnectproxy.server.differential;

import static io.konnectproxy.server.differential.Drawn.inserted;
import static io.konnectproxy.server.differential.Drawn.oneOf;
import static io.konnectproxy.server.differential.Mutation.Effect.BREAKS;
import static io.konnectproxy.server.differential.Mutation.Effect.MAY_BREAK;
import static io.konnectproxy.server.differential.ProxySketch.DESTINATION;
import static io.konnectproxy.server.differential.ProxySketch.DESTINATION_PORT;
import static io.konnectproxy.server.differential.ProxySketch.END;
import static io.konnectproxy.server.differential.ProxySketch.FAMILY;
import static io.konnectproxy.server.differential.ProxySketch.SOURCE;
import static io.konnectproxy.server.differential.ProxySketch.SOURCE_PORT;

import java.util.random.RandomGenerator;

/** What two readers of a line of version 1 might take for different things. */
enum ProxyLineMutation implements Mutation<ProxySketch> {
    NOTHING_KNOWN(MAY_BREAK, (line, random) -> line.parts[FAMILY] = "UNKNOWN"),
    ADDRESSES_OF_UNKNOWN_LEFT_OUT(MAY_BREAK, (line, random) -> {
        line.parts[FAMILY] = "UNKNOWN";
        for (int i = FAMILY + 1; i < END; i++) {
            line.parts[i] = "";
        }
    }),
    OTHER_FAMILY(
            BREAKS,
            (line, random) -> line.parts[FAMILY] =
                    oneOf(random, "tcp4", "UDP4", "TCP", "TCP5", "UNIX", "", "UNKNOWNS", "TCP4\t")),
    FAMILIES_EXCHANGED(
            BREAKS, (line, random) -> line.parts[FAMILY] = line.parts[FAMILY].equals("TCP4") ? "TCP6" : "TCP4"),
    OTHER_WORD(
            BREAKS, (line, random) -> line.parts[0] = oneOf(random, "proxy", "PROXYING", "", " PROXY", "PROX", "\0")),
    OTHER_SEPARATOR(
            BREAKS,
            (line, random) ->
                    line.parts[oneOf(random, 1, 3, 5, 7, 9)] = oneOf(random, "", "  ", "\t", "\u00a0", " \t")),
    ODD_ADDRESS(
            BREAKS,
            (line, random) -> line.parts[oneOf(random, SOURCE, DESTINATION)] = oneOf(
                    random,
                    "010.0.0.7",
                    "10.0.0.256",
                    "10.0.7",
                    "10.0.0.7.",
                    "0x7f.0.0.1",
                    "2130706433",
                    "localhost",
                    "",
                    "[::1]",
                    "fe80::1%eth0",
                    "fe80::1%1",
                    "1::2::3",
                    "1:2:3:4:5:6:7:8:9",
                    "::12345",
                    "1:2:3:4:5:6:7",
                    ":1:2:3:4:5:6:7:8",
                    "::1:",
                    "::1.2.3",
                    "::1.2.3.04",
                    "::1.2.3.4:5",
                    "1.2.3.4::",
                    "10.0.0.7/8")),
    ENDS_IN_IPV4(MAY_BREAK, (line, random) -> line.parts[SOURCE] = oneOf(random, "64:ff9b::1.2.3.4", "::1.2.3.4")),
    NO_CLIENT(
            BREAKS,
            (line, random) -> line.parts[SOURCE] = line.parts[FAMILY].equals("TCP4")
                    ? oneOf(random, "0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255")
                    : oneOf(random, "::", "ff02::1", "::ffff:0.0.0.0", "::ffff:e000:1", "::ffff:255.255.255.255")),
    ODD_PORT(
            BREAKS,
            (line, random) -> line.parts[oneOf(random, SOURCE_PORT, DESTINATION_PORT)] =
                    oneOf(random, "", "01", "00", "65536", "99999999999", "+1", "-1", "0x1", "1.", "\u00b2")),
    PORT_0(MAY_BREAK, (line, random) -> line.parts[oneOf(random, SOURCE_PORT, DESTINATION_PORT)] = "0"),
    ODD_END(
            MAY_BREAK,
            (line, random) -> line.parts[END] =
                    oneOf(random, "\n", "\r", "\r\r\n", "\n\r", " \r\n", "\r \n", "\u0085", "", "\0\r\n")),
    ODD_BYTE(MAY_BREAK, (line, random) -> {
        int at = random.nextInt(END);
        line.parts[at] = inserted(
                line.parts[at], oneOf(random, "\0", "\r", "\n", "\t", " ", "\u001b", "\u0080", "\r\n"), random);
    }),
    LONG(MAY_BREAK, (line, random) -> {
        line.parts[FAMILY] = "UNKNOWN";
        line.parts[SOURCE] = "f".repeat(50 + random.nextInt(40));
    });

    @SuppressWarnings("ImmutableEnumChecker") // each is a lambda that holds nothing
    private final Change<ProxySketch> change;

    private final Effect effect;

    ProxyLineMutation(Effect effect, Change<ProxySketch> change) {
        this.effect = effect;
        this.change = change;
    }

    @Override
    public Effect effect() {
        return effect;
    }

    @Override
    public void change(ProxySketch line, RandomGenerator random) {
        change.change(line, random);
    }
}
