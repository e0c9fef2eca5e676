package io.konnectproxy.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The {@code Proxy-Authorization} field of a request (RFC 9110, section 11.7.2). */
public sealed interface Credentials {
    /**
     * Reads the value of a field in the same form, such as {@code Authorization}. The problem of an unreadable one is told of
     * {@code Proxy-Authorization}.
     *
     * @param value one octet a character
     */
    static Credentials of(String value) {
        BasicField field = new BasicField();
        value.chars().forEach(field::accept);
        return field.end();
    }

    /** The request has no such field. */
    enum None implements Credentials {
        NONE
    }

    /** User and password of the Basic scheme (RFC 7617). They are not verified yet. */
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

        /** The password as it was sent, in the client's encoding. Only the verifier may use it. */
        public byte[] password() {
            return password.clone();
        }

        /** For tests only: passwords must be verified in constant time. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Basic basic && user.equals(basic.user) && Arrays.equals(password, basic.password);
        }

        /** Does not depend on the password, because hash codes are easily printed. */
        @Override
        public int hashCode() {
            return user.hashCode();
        }

        /** Shows neither the password nor the user, which is not verified. */
        @Override
        public String toString() {
            return "Basic";
        }
    }

    /**
     * The request has the field, but no user and password can be parsed from it.
     *
     * @param problem a whole sentence that contains nothing of the field
     */
    record Unreadable(String problem) implements Credentials {}
}
