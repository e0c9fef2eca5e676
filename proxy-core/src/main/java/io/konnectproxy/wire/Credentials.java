package io.konnectproxy.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

        /** For tests; who is right is the verifier's to say, in constant time. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Basic basic && user.equals(basic.user) && Arrays.equals(password, basic.password);
        }

        /** Nothing of the password is in it: a hash code is easily printed. */
        @Override
        public int hashCode() {
            return user.hashCode();
        }

        /** Neither password nor user, of whom nobody knows yet whether it is one. */
        @Override
        public String toString() {
            return "Basic";
        }
    }

    /**
     * There is such a field, and no user and password can be read from it.
     *
     * @param problem a whole sentence, in which nothing of the field stands
     */
    record Unreadable(String problem) implements Credentials {}
}
