package io.konnectproxy.server.credentials;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the keys of cached pairs: HMAC-SHA-256 with a random secret of this object, which is never stored. A copy of the
 * cache contains no password, and without the secret it cannot be used to test guesses. Any thread.
 */
final class PairKeys {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;

    PairKeys() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        secret = new SecretKeySpec(random, ALGORITHM);
    }

    PairKey of(String user, byte[] password) {
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        // The length prefix makes the encoding unambiguous.
        ByteBuffer pair = ByteBuffer.allocate(Integer.BYTES + name.length + password.length)
                .putInt(name.length)
                .put(name)
                .put(password);
        ByteBuffer code = ByteBuffer.wrap(code(pair.array()));
        Arrays.fill(pair.array(), (byte) 0);
        return new PairKey(code.getLong(), code.getLong(), code.getLong(), code.getLong());
    }

    private byte[] code(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK does not support " + ALGORITHM, e);
        }
    }
}
