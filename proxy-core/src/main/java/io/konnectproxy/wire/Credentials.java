package io.konnectproxy.wire;

/** What a request head says of who asks: its {@code Proxy-Authorization} field (RFC 9110, section 11.7.2). */
public sealed interface Credentials {

    /** There is no such field. */
    enum None implements Credentials {
        NONE
    }

    /** User and password of the Basic scheme (RFC 7617), not verified by anybody yet. */
    final class Basic implements Credentials {
        private final String user;
        private final byte[] password;

        public Basic(String user, byte[] password) {
            this.user = user;
            this.password = password.clone();
        }

        public String user() {
            return user;
        }

        /** As it was sent, in the client's encoding; for the verifier's eyes only. */
        public byte[] password() {
            return password.clone();
        }
    }

    /**
     * There is such a field, and no user and password can be read from it.
     *
     * @param problem a whole sentence, in which nothing of the field stands
     */
    record Unreadable(String problem) implements Credentials {}
}
