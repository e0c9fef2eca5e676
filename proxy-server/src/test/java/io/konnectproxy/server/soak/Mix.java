package io.konnectproxy.server.soak;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Hellos;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Random visits of every kind; the same seed gives the same visits. */
final class Mix {
    private static final String HOST = "0646a7d680.us.cp0.konghq.com";
    private static final String UNKNOWN = "none.us.cp0.konghq.com";
    private static final String DEAD = "dead.us.cp0.konghq.com";

    private static final byte[] HELLO = Hellos.naming(HOST);
    private static final byte[] HEAD = Visitors.kongHead(HOST);
    private static final byte[] HTTP = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] NOTHING = {};
    private static final String ALERT = "\u0015\u0003";

    /** Each kind as often as it weighs. */
    private static final List<Kind> KINDS = Arrays.stream(Kind.values())
            .flatMap(kind -> Stream.generate(() -> kind).limit(kind.weight()))
            .toList();

    private final SplittableRandom random;

    Mix(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** What the names of these visits resolve to: the upstream, nothing, or an address where nobody listens. */
    static StandInDns names() {
        return StandInDns.start(question -> switch (question.name()) {
            case UNKNOWN -> StandInAnswer.noSuchName();
            case DEAD -> StandInAnswer.of("127.0.0.9");
            default -> StandInAnswer.of("127.0.0.1");
        });
    }

    static Storm storm(InetSocketAddress proxy) {
        return new Storm(proxy, HOST, HELLO);
    }

    Kind nextKind() {
        return KINDS.get(random.nextInt(KINDS.size()));
    }

    Visit next(Kind kind) {
        return switch (kind) {
            case CLIENT_CLOSES, CLIENT_HALF_CLOSES, CLIENT_RESETS, UPSTREAM_FINISHES, UPSTREAM_RESETS ->
                carrying(kind, size());
            case SLOW_CLIENT, SLOW_UPSTREAM -> carrying(kind, random.nextInt(256 * 1024, 2 * 1024 * 1024));
            case IDLE_UNTIL_DEADLINE -> carrying(kind, random.nextInt(1, 100));
            case FOREIGN_HOST -> turnedAway(kind, Visitors.kongHead("example.com"), "HTTP/1.1 403 ");
            case MALFORMED_HEAD ->
                turnedAway(kind, "CONNECT  x:443 HTTP/1.1\r\n\r\nmore".getBytes(US_ASCII), "HTTP/1.1 400 ");
            case UNKNOWN_NAME -> turnedAway(kind, Visitors.kongHead(UNKNOWN), "HTTP/1.1 502 ");
            case NOBODY_LISTENS -> turnedAway(kind, Visitors.kongHead(DEAD), "HTTP/1.1 502 ");
            case SILENT_UNTIL_DEADLINE -> turnedAway(kind, NOTHING, "HTTP/1.1 408 ");
            case HALF_A_HEAD_UNTIL_DEADLINE -> turnedAway(kind, part(HEAD), "HTTP/1.1 408 ");
            case OTHER_SERVER_NAME -> new TurnedAwayVisit(kind, HEAD, Hellos.naming("example.com"), ALERT);
            case NO_TLS -> new TurnedAwayVisit(kind, HEAD, HTTP, ALERT);
            case HALF_A_HELLO_UNTIL_DEADLINE -> new TurnedAwayVisit(kind, HEAD, part(HELLO), ALERT);
            case GONE_AT_ONCE -> leaving(kind, NOTHING);
            case GONE_IN_HEAD -> leaving(kind, part(HEAD));
            case GONE_BEHIND_HEAD -> leaving(kind, HEAD);
            case GONE_IN_HELLO -> leavingTunnel(kind, part(HELLO));
            case GONE_BEHIND_HELLO -> leavingTunnel(kind, HELLO);
        };
    }

    private Visit carrying(Kind kind, int size) {
        return new CarryingVisit(kind, HEAD, HELLO, size, random.nextInt());
    }

    /** Mostly small, some up to four MiB. */
    private int size() {
        int most = 1 << random.nextInt(4, 23);
        return random.nextInt(most / 2, most);
    }

    private static Visit turnedAway(Kind kind, byte[] head, String wanted) {
        return new TurnedAwayVisit(kind, head, null, wanted);
    }

    private Visit leaving(Kind kind, byte[] head) {
        return new LeavingVisit(kind, head, null, random.nextBoolean(), random.nextInt(5_000));
    }

    private Visit leavingTunnel(Kind kind, byte[] hello) {
        return new LeavingVisit(kind, HEAD, hello, random.nextBoolean(), random.nextInt(5_000));
    }

    /** Some of it from its beginning, never all. */
    private byte[] part(byte[] whole) {
        return Arrays.copyOf(whole, random.nextInt(1, whole.length));
    }
}
