package io.konnectproxy.server.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** The head of a request, and what comes right behind it, in parts that can be changed one by one; a character a byte. */
final class HeadSketch {
    static final String CRLF = "\r\n";
    /** Stands in a line for what the Host field says; no byte. */
    static final String HOST = "\uffff";

    String method = "CONNECT";
    String beforeTarget = " ";
    String target;
    String beforeVersion = " ";
    String version = "HTTP/1.1";
    String requestEnd = CRLF;
    String hostValue;
    /** The header lines, each with its end. */
    final List<String> lines = new ArrayList<>();

    String end = CRLF;
    private final String behind;

    HeadSketch(String target, String behind) {
        this.target = target;
        this.hostValue = target;
        this.behind = behind;
    }

    /** Puts another target in the request line, and half the times in Host as well. */
    void retarget(UnaryOperator<String> change, RandomGenerator random) {
        target = change.apply(target);
        if (random.nextBoolean()) {
            hostValue = target;
        }
    }

    void insert(String line, RandomGenerator random) {
        lines.add(random.nextInt(lines.size() + 1), line);
    }

    /** Changes one of the header lines; where there is none, there is one first. */
    void changeLine(UnaryOperator<String> change, RandomGenerator random) {
        if (lines.isEmpty()) {
            lines.add("X: y" + CRLF);
        }
        int at = random.nextInt(lines.size());
        lines.set(at, change.apply(lines.get(at)));
    }

    void removeHost() {
        lines.removeIf(line -> line.contains(HOST));
    }

    byte[] bytes() {
        String text =
                method + beforeTarget + target + beforeVersion + version + requestEnd + String.join("", lines) + end;
        return (text.replace(HOST, hostValue) + behind).getBytes(ISO_8859_1);
    }
}
