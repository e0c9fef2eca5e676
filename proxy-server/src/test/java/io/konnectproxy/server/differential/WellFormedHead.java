package io.konnectproxy.server.differential;

import static io.konnectproxy.server.differential.Drawn.oneFrom;
import static io.konnectproxy.server.differential.Drawn.oneOf;
import static io.konnectproxy.server.differential.Drawn.recased;
import static io.konnectproxy.server.differential.HeadSketch.CRLF;
import static io.konnectproxy.server.differential.HeadSketch.HOST;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws heads that our reader must take: every host, port, version, field and spelling a client may send. */
final class WellFormedHead {
    private static final List<String> NAMES = List.of(
            "us.api.konghq.com",
            "cloud.konghq.com",
            "0646a7d680.us.cp0.konghq.com",
            "eu.api.konghq.com.evil.com",
            "xn--bcher-kva.example",
            "a.b",
            "localhost",
            "1a.2-b.c3",
            "a.1b");
    private static final List<String> FIELDS = List.of(
            "Proxy-Connection: Keep-Alive",
            "User-Agent: Go-http-client/1.1",
            "Proxy-Authorization: Basic dXNlcjpwYXNz",
            "proxy-authorization:\tbasic dTpwdw== ",
            "Proxy-Authorization: Basic dTpwdw",
            "Proxy-Authorization: Bearer dTpw",
            "Connection: keep-alive, Upgrade",
            "Upgrade: h2c",
            "Expect: 100-continue",
            "TE: trailers",
            "Content-Length: 0",
            "X-Empty:",
            "X-Spaced:\t a b \t",
            "!#$%&'*+-.^_`|~09:x",
            "X-Forwarded-Host: evil.example:443",
            "X-Host: evil.example");
    private static final List<String> BEHIND = List.of(
            "",
            "",
            "\u0016\u0003\u0001\u0000\u0004",
            "CONNECT evil.example:443 HTTP/1.1\r\n\r\n",
            "\r\n",
            "\n",
            "\u0000");

    private WellFormedHead() {}

    static HeadSketch draw(RandomGenerator random) {
        String name = name(random);
        HeadSketch head = new HeadSketch(
                name + ":" + oneOf(random, 443, 443, 1 + random.nextInt(65535)), oneFrom(BEHIND, random));
        head.version = oneOf(random, "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0");
        head.hostValue = oneOf(random, head.target, head.target, name, recased(head.target, random));
        List<String> fields = Drawn.shuffled(FIELDS, random).subList(0, random.nextInt(6));
        fields.forEach(field -> head.lines.add(field + CRLF));
        if (random.nextInt(10) == 0) {
            head.insert("X-Long: " + "x".repeat(random.nextInt(4000)) + CRLF, random);
        }
        if (head.version.equals("HTTP/1.1") || random.nextBoolean()) {
            head.insert(hostLine(random), random);
        }
        return head;
    }

    static String hostLine(RandomGenerator random) {
        return oneOf(random, "Host: ", "Host: ", "host:", "HOST:\t", "hOsT:  \t ")
                + HOST
                + oneOf(random, "", "", " \t")
                + CRLF;
    }

    private static String name(RandomGenerator random) {
        return switch (random.nextInt(10)) {
            case 0 ->
                oneOf(
                        random,
                        "[::1]",
                        "[2001:db8::8:800:200c:417a]",
                        "[::ffff:127.0.0.1]",
                        "127.0.0.1",
                        "0177.1",
                        "a.0x7f");
            case 1 -> labels(random);
            case 2 -> oneFrom(NAMES, random) + ".";
            case 3 -> recased(oneFrom(NAMES, random), random);
            default -> oneFrom(NAMES, random);
        };
    }

    private static String labels(RandomGenerator random) {
        List<String> labels = new ArrayList<>();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            String ends = "abcxyzABCXYZ019";
            String middle = ends + "--";
            StringBuilder label = new StringBuilder();
            for (int length = random.nextInt(oneOf(random, 2, 10, 62)); length > 0; length--) {
                label.append(middle.charAt(random.nextInt(middle.length())));
            }
            char first = ends.charAt(random.nextInt(ends.length()));
            char last = ends.charAt(random.nextInt(ends.length()));
            labels.add(first + label.toString() + last);
        }
        return String.join(".", labels);
    }
}
