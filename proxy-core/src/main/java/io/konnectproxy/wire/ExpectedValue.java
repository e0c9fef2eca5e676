package io.konnectproxy.wire;

/**
 * Compares a field value, octet by octet as it arrives, with the two permitted values. The value is not stored. White space
 * around it (RFC 9112, section 5.1) and the case of ASCII letters are ignored.
 */
final class ExpectedValue {
    private final String longest;
    private final int shorter;
    private final String problem;
    private int matched;
    private boolean ended;

    /**
     * @param longest the longer permitted value
     * @param shorter the length of the other permitted value, which is a prefix of it
     * @param problem the sentence about any other value
     */
    ExpectedValue(String longest, int shorter, String problem) {
        this.longest = longest;
        this.shorter = shorter;
        this.problem = problem;
    }

    /** Whether the value can still become a permitted one. */
    boolean accept(int octet) {
        if (Octet.isOptionalSpace(octet)) {
            ended = matched > 0;
            return true;
        }
        if (ended || matched == longest.length() || Octet.lower(octet) != Octet.lower(longest.charAt(matched))) {
            return false;
        }
        matched++;
        return true;
    }

    boolean complete() {
        return matched == longest.length() || matched == shorter;
    }

    String problem() {
        return problem;
    }
}
