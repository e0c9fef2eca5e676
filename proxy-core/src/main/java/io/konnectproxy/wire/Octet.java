package io.konnectproxy.wire;

/** The character classes of RFC 9110 and RFC 5234, as predicates over octets from 0 to 255. */
final class Octet {
    static final int HTAB = '\t';
    static final int LF = '\n';
    static final int CR = '\r';
    static final int SP = ' ';

    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private Octet() {}

    /** VCHAR: printable ASCII without the space. */
    static boolean isVisible(int octet) {
        return octet > SP && octet < 0x7f;
    }

    /** {@code tchar} (RFC 9110, section 5.6.2): a character of methods and field names. */
    static boolean isToken(int octet) {
        return isLetter(octet) || isDigit(octet) || TOKEN_PUNCTUATION.indexOf(octet) >= 0;
    }

    static boolean isLetter(int octet) {
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    static boolean isDigit(int octet) {
        return octet >= '0' && octet <= '9';
    }

    static boolean isHexDigit(int octet) {
        int lower = octet | 0x20;
        return isDigit(octet) || (lower >= 'a' && lower <= 'f');
    }

    /** A character of {@code OWS}, the optional white space around a field value (RFC 9110, section 5.6.3). */
    static boolean isOptionalSpace(int octet) {
        return octet == SP || octet == HTAB;
    }

    /** Folds ASCII capitals to lower case, independently of the locale. */
    static int lower(int octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
    }
}
