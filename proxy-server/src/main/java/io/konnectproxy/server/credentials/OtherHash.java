package io.konnectproxy.server.credentials;

/** Password hashes other than bcrypt, recognised by their prefix. */
enum OtherHash {
    APACHE_MD5("$apr1$", "an MD5 hash ($apr1$)"),
    MD5("$1$", "an MD5 hash ($1$)"),
    SHA("{SHA}", "an SHA-1 hash ({SHA})"),
    SALTED_SHA("{SSHA}", "an SHA-1 hash ({SSHA})"),
    SHA_256("$5$", "an SHA-256 hash ($5$)"),
    SHA_512("$6$", "an SHA-512 hash ($6$)"),
    FAULTY_BCRYPT("$2x$", "a hash of a faulty bcrypt ($2x$)"),
    CUT_BCRYPT("$2", "a bcrypt hash that is not whole"),
    OTHER("", "no hash by bcrypt");

    private final String beginning;
    private final String description;

    OtherHash(String beginning, String description) {
        this.beginning = beginning;
        this.description = description;
    }

    /** A description for a sentence with "has". It contains no part of the text, which may be a plaintext password. */
    static String describe(String text) {
        String stripped = strip(text);
        if (!stripped.equals(text) && BcryptHash.isWhole(stripped)) {
            return text.startsWith(stripped)
                    ? "a blank behind its hash; take it out"
                    : "a blank in front of its hash; take it out";
        }
        for (OtherHash each : values()) {
            if (text.startsWith(each.beginning)) {
                return each.description
                        + ", and only bcrypt is taken; set that password anew with 'konnect-proxy user'";
            }
        }
        throw new IllegalStateException("OTHER must match every text");
    }

    /** Without what can't be seen at either end: blanks, tabs, no-break spaces, stray carriage returns. */
    private static String strip(String text) {
        return text.replaceAll("^[\\p{Z}\\p{C}]+|[\\p{Z}\\p{C}]+$", "");
    }
}
