package io.konnectproxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.wire.Credentials.Basic;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request head must look like, said a second time over the whole text: slow, and unlike the reader it checks. */
final class HeadModel {
    private static final Pattern LINE = Pattern.compile("CONNECT ([!-~]+) HTTP/1\\.([01])");
    private static final Pattern FIELD = Pattern.compile("([A-Za-z0-9!#$%&'*+.^_`|~-]+):([\t -~]*)");
    private static final Pattern BASIC = Pattern.compile(
            "[Bb][Aa][Ss][Ii][Cc] ((?:[A-Za-z0-9+/]{4}){0,255}[A-Za-z0-9+/]{2}(?:[A-Za-z0-9+/=]=|[A-Za-z0-9+/]{2}))");
    private static final String END = "\r\n\r\n";

    private HeadModel() {}

    /** How many bytes the head at the beginning of {@code text} has; 0 where none that may be served stands there. */
    static int length(String text, int limit) {
        int end = text.indexOf(END) + END.length();
        return end >= END.length()
                        && end <= limit
                        && target(text.substring(0, end)).isPresent()
                ? end
                : 0;
    }

    /** What a head asks for; empty where it may not be served. */
    static Optional<ConnectTarget> target(String head) {
        List<String> lines =
                List.of(head.substring(0, head.length() - END.length()).split("\r\n", -1));
        Matcher line = LINE.matcher(lines.get(0));
        if (!line.matches() || lines.size() > 65 || lines.stream().anyMatch(each -> each.length() > 8192)) {
            return Optional.empty();
        }
        List<String> fields = lines.subList(1, lines.size());
        List<String> hosts = values("Host", fields);
        List<String> lengths = values("Content-Length", fields);
        boolean served = fields.stream().allMatch(field -> FIELD.matcher(field).matches())
                && values("Transfer-Encoding", fields).isEmpty()
                && (lengths.isEmpty() || lengths.equals(List.of("0")))
                && (hosts.isEmpty() ? line.group(2).equals("0") : isOneOf(hosts, line.group(1)));
        return Optional.of(ConnectTarget.parse(line.group(1)))
                .filter(target -> served && !(target instanceof ConnectTarget.Malformed));
    }

    private static boolean isOneOf(List<String> hosts, String target) {
        String bare = target.replaceFirst(":[0-9]+$", "");
        return hosts.size() == 1
                && (hosts.get(0).equalsIgnoreCase(target) || hosts.get(0).equalsIgnoreCase(bare));
    }

    private static List<String> values(String name, List<String> fields) {
        return fields.stream()
                .map(FIELD::matcher)
                .filter(field -> field.matches() && field.group(1).equalsIgnoreCase(name))
                .map(field -> field.group(2).replaceAll("^[ \t]+|[ \t]+$", ""))
                .toList();
    }

    /** Whose user and password can be read from a head that may be served; empty where they can't, or are not there. */
    static Optional<Basic> basic(String head) {
        List<String> fields = List.of(head.split("\r\n", -1));
        List<String> values = values("Proxy-Authorization", fields);
        Matcher value = BASIC.matcher(values.size() == 1 ? values.get(0) : "");
        if (!value.matches()) {
            return Optional.empty();
        }
        byte[] decoded = Base64.getDecoder().decode(value.group(1));
        String pair = new String(decoded, ISO_8859_1);
        String user = pair.replaceFirst("(?s):.*", "");
        String asText = new String(user.getBytes(ISO_8859_1), UTF_8);
        boolean readable = Base64.getEncoder().encodeToString(decoded).equals(value.group(1))
                && pair.matches("[^\\x00-\\x1f\\x7f:]+:[^\\x00-\\x1f\\x7f]*")
                && new String(asText.getBytes(UTF_8), ISO_8859_1).equals(user)
                && !asText.matches("(?s).*\\p{Cc}.*");
        return readable
                ? Optional.of(
                        new Basic(asText, pair.substring(user.length() + 1).getBytes(ISO_8859_1)))
                : Optional.empty();
    }

    /** The plainest head that asks for a target. */
    static byte[] canonical(ConnectTarget target, Optional<Basic> credentials) {
        String field = credentials
                .map(basic -> new String(basic.user().getBytes(UTF_8), ISO_8859_1)
                        + ":"
                        + new String(basic.password(), ISO_8859_1))
                .map(pair -> Base64.getEncoder().encodeToString(pair.getBytes(ISO_8859_1)))
                .map(text -> "\r\nProxy-Authorization: Basic " + text)
                .orElse("");
        return ("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + field + END).getBytes(ISO_8859_1);
    }

    /** Whether all bytes are printable ASCII, tabs, or CR and LF in pairs. */
    static boolean isPlain(byte[] head) {
        String text = new String(head, ISO_8859_1);
        return Arrays.stream(text.split("\r\n", -1)).allMatch(line -> line.matches("[\t -~]*"));
    }
}
