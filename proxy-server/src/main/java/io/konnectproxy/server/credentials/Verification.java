package io.konnectproxy.server.credentials;

/** The result of verifying a pair of user and password. */
public sealed interface Verification {

    /** The password of the user is right. */
    record Right(String user) implements Verification {}

    /**
     * The pair is wrong, or was refused without hashing.
     *
     * @param hint a sentence for the operator, not for the client; it may name an existing user, and contains nothing else
     *     of the pair
     */
    record Wrong(String hint) implements Verification {
        static final Wrong UNKNOWN_USER = new Wrong("There is no such user.");
        static final Wrong EMPTY = new Wrong(
                "The password is empty: the proxy's URL at the client must have user:password@, not the user alone.");
        static final Wrong UNUSABLE =
                new Wrong("The password has a NUL or more than 72 bytes, and bcrypt can't tell such ones apart.");
        static final Wrong TOO_MANY = new Wrong(
                "Too many different wrong passwords came from this address lately: what it sends gets its turn"
                        + " once a second, and this was one too many.");

        static Wrong passwordOf(String user) {
            return new Wrong("The password of user " + user + " is wrong.");
        }

        /** RFC 7617, section 2, leaves the encoding open, and a hash is of one of them. */
        static Wrong encodingOf(String user) {
            return new Wrong("The password of user " + user
                    + " is wrong, and is not UTF-8: the client probably sends Latin-1; give the user a password of ASCII"
                    + " characters.");
        }
    }

    /** The pair was not verified, for lack of time or capacity. */
    enum Busy implements Verification {
        BUSY
    }
}
