package io.konnectproxy.wire;

/** The characters of a token (RFC 9110, section 5.6.2). */
final class Token {
    private static final String MARKS = "!#$%&'*+-.^_`|~";

    private Token() {}

    static boolean isTokenByte(int b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || MARKS.indexOf(b) >= 0;
    }

    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(Token::isTokenByte);
    }
}
