package io.konnectproxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Header lines with credentials: those from which user and password can be read, and those that bounce off. */
public final class SentCredentials {
    private static final String NAME = "Proxy-Authorization: ";

    private SentCredentials() {}

    /** The arguments are a name, the header lines, the user and the password. */
    public static Stream<Arguments> readable() {
        return Stream.of(
                arguments("what Kong sends for user:pass", NAME + "Basic dXNlcjpwYXNz\r\n", "user", "pass"),
                arguments("a scheme in other letter case", NAME + "bASIC dXNlcjpwYXNz\r\n", "user", "pass"),
                arguments("a field name in other letter case", "PROXY-authorization:Basic dTpw\r\n", "u", "p"),
                arguments("white space around the value", NAME + "\t Basic dTpw \t\r\n", "u", "p"),
                arguments("two signs of padding", NAME + "Basic dTpwdw==\r\n", "u", "pw"),
                arguments("one sign of padding", NAME + "Basic dXM6cHc=\r\n", "us", "pw"),
                arguments("colons in the password", NAME + "Basic " + encoded("u:p:w:") + "\r\n", "u", "p:w:"),
                arguments("an empty password, for the verifier to refuse", NAME + "Basic dTo=\r\n", "u", ""),
                arguments(
                        "all that is not a letter",
                        NAME + "Basic " + encoded("a b@#/%:~?>") + "\r\n",
                        "a b@#/%",
                        "~?>"),
                arguments("plus and slash", NAME + "Basic dTo+Pj4/\r\n", "u", ">>>?"),
                arguments("a user in UTF-8", NAME + "Basic " + encoded("g\u00fcnter:p") + "\r\n", "g\u00fcnter", "p"),
                arguments(
                        "a password in Latin-1",
                        NAME + "Basic " + Base64.getEncoder().encodeToString("u:p\u00e4".getBytes(ISO_8859_1)) + "\r\n",
                        "u",
                        "p\u00e4"),
                arguments(
                        "as many characters as there may be",
                        NAME + "Basic " + encoded("u:" + "p".repeat(766)) + "\r\n",
                        "u",
                        "p".repeat(766)),
                arguments(
                        "another field beside it",
                        "Authorization: Basic eDp5\r\n" + NAME + "Basic dTpw\r\nProxy-Authorization-Info: x\r\n",
                        "u",
                        "p"));
    }

    /** The arguments are a name, the header lines, and words of the problem. */
    public static Stream<Arguments> unreadable() {
        return Stream.of(
                arguments("nothing", "Proxy-Authorization:\r\n", "scheme Basic"),
                arguments("white space", NAME + " \t\r\n", "scheme Basic"),
                arguments("half a scheme", NAME + "Bas\r\n", "scheme Basic"),
                arguments("another scheme", NAME + "Bearer dTpw\r\n", "scheme Basic"),
                arguments("Digest", NAME + "Digest username=\"u\"\r\n", "scheme Basic"),
                arguments("a longer scheme", NAME + "Basics dTpw\r\n", "scheme Basic"),
                arguments("credentials without a scheme", NAME + "dTpw\r\n", "scheme Basic"),
                arguments("a colon behind the scheme", NAME + "Basic: dTpw\r\n", "scheme Basic"),
                arguments("a comma in front", NAME + ",Basic dTpw\r\n", "scheme Basic"),
                arguments("a tab behind the scheme", NAME + "Basic\tdTpw\r\n", "scheme Basic"),
                arguments("the scheme alone", NAME + "Basic\r\n", "in Base64"),
                arguments("the scheme and a space", NAME + "Basic \r\n", "in Base64"),
                arguments("two spaces", NAME + "Basic  dTpw\r\n", "in Base64"),
                arguments("user and password in clear", NAME + "Basic user:pass\r\n", "in Base64"),
                arguments("percent-encoding", NAME + "Basic dTpw%3D\r\n", "in Base64"),
                arguments("the alphabet for URLs", NAME + "Basic dTo-Pj4_\r\n", "in Base64"),
                arguments("quotes", NAME + "Basic \"dTpw\"\r\n", "in Base64"),
                arguments("no padding", NAME + "Basic dTpwdw\r\n", "in Base64"),
                arguments("half the padding", NAME + "Basic dTpwdw=\r\n", "in Base64"),
                arguments("too much padding", NAME + "Basic dTpwdw===\r\n", "in Base64"),
                arguments("a group of padding", NAME + "Basic dTpw====\r\n", "in Base64"),
                arguments("padding for a whole group", NAME + "Basic dTpw=\r\n", "in Base64"),
                arguments("one digit in a group", NAME + "Basic dTpwd\r\n", "in Base64"),
                arguments("one digit, padded", NAME + "Basic dTpwd===\r\n", "in Base64"),
                arguments("padding first", NAME + "Basic =dTpw\r\n", "in Base64"),
                arguments("padding in the middle", NAME + "Basic dQ==OnA=\r\n", "in Base64"),
                arguments("a digit behind one sign of padding", NAME + "Basic dXM6cA=w\r\n", "in Base64"),
                arguments("stray bits before two signs", NAME + "Basic dTpwdx==\r\n", "in Base64"),
                arguments("stray bits before one sign", NAME + "Basic dXM6cHd=\r\n", "in Base64"),
                arguments("white space in the middle", NAME + "Basic dT pw\r\n", "in Base64"),
                arguments("a parameter behind", NAME + "Basic dTpw realm=x\r\n", "in Base64"),
                arguments("a second pair behind a comma", NAME + "Basic dTpw, Basic eDp5\r\n", "in Base64"),
                arguments("no colon", NAME + "Basic dXNlcg==\r\n", "a colon"),
                arguments("no user", NAME + "Basic OnBhc3M=\r\n", "name a user"),
                arguments("a colon alone", NAME + "Basic Og==\r\n", "name a user"),
                arguments("NUL in the user", NAME + "Basic " + encoded("u\0:p") + "\r\n", "control characters"),
                arguments("LF in the password", NAME + "Basic " + encoded("u:p\n") + "\r\n", "control characters"),
                arguments("DEL in the password", NAME + "Basic " + encoded("u:\u007f") + "\r\n", "control characters"),
                arguments("a C1 control in the user", NAME + "Basic " + encoded("u\u0085:p") + "\r\n", "control char"),
                arguments(
                        "a user in Latin-1",
                        NAME + "Basic " + Base64.getEncoder().encodeToString("g\u00fc:p".getBytes(ISO_8859_1)) + "\r\n",
                        "UTF-8"),
                arguments("a dot spelled long", NAME + "Basic " + base64('u', 0xc0, 0xae, ':', 'p') + "\r\n", "UTF-8"),
                arguments("a surrogate", NAME + "Basic " + base64(0xed, 0xa0, 0x80, ':', 'p') + "\r\n", "UTF-8"),
                arguments(
                        "one group more than there may be",
                        NAME + "Basic " + encoded("u:" + "p".repeat(767)) + "\r\n",
                        "more than 1024"),
                arguments("a line full", NAME + "Basic " + "QUFB".repeat(2000) + "\r\n", "more than 1024"),
                arguments("twice", NAME + "Basic dTpw\r\n" + NAME + "Basic eDp5\r\n", "once only"),
                arguments("the same twice", NAME + "Basic dTpw\r\nA: b\r\n" + NAME + "Basic dTpw\r\n", "once only"),
                arguments("unreadable, then readable", NAME + "x\r\n" + NAME + "Basic dTpw\r\n", "once only"),
                arguments("readable, then empty", NAME + "Basic dTpw\r\nproxy-authorization:\r\n", "once only"),
                arguments("three times", (NAME + "Basic dTpw\r\n").repeat(3), "once only"));
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String base64(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return Base64.getEncoder().encodeToString(bytes);
    }
}
