package io.konnectproxy.server.credentials;

/** Other password hashes that may stand in place of bcrypt, recognised by their prefix. */
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

    /** Words to stand behind "has"; nothing of the text is in them, for it may be a password in clear. */
    static String describe(String text) {
        for (OtherHash each : values()) {
            if (text.startsWith(each.beginning)) {
                return each.description
                        + ", and only bcrypt is taken; set that password anew with 'konnect-proxy user'";
            }
        }
        throw new IllegalStateException("every text begins with nothing");
    }
}
