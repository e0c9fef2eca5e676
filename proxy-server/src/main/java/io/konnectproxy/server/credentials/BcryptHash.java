package io.konnectproxy.server.credentials;

import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * The bcrypt hash of a password, with salt and cost. Hashing takes milliseconds by design: never call it on an event loop.
 */
final class BcryptHash {
    static final int MIN_COST = 4;
    /** About a second. Each step doubles the time, and 31 would take days. */
    static final int MAX_COST = 14;
    /** bcrypt ignores all further bytes. */
    static final int MAX_PASSWORD = 72;

    private static final int SALT = 16;

    private static final Pattern FORM =
            Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})");

    /**
     * The last character of the salt has two significant bits, that of the hash four. The others must be 0: Bouncy Castle
     * compares the encoded forms, so no password would match otherwise.
     */
    private static final Pattern ZERO_BITS_AT_THE_ENDS = Pattern.compile(".{28}[.Oeu].{30}[.CGKOSWaeimquy26]");

    private final int cost;
    private final String text;

    private BcryptHash(int cost, String text) {
        this.cost = cost;
        this.text = text;
    }

    /**
     * Parses {@code $2y$10$…}; {@code $2a$} and {@code $2b$} are equivalent for passwords of at most 72 bytes. The text is
     * kept unchanged.
     *
     * @throws IllegalArgumentException with a description of the text, for a sentence with "has"; it contains no part of
     *     the text
     */
    static BcryptHash parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(OtherHash.describe(text));
        }
        int cost = Integer.parseInt(form.group(1));
        if (cost < MIN_COST || cost > MAX_COST) {
            throw new IllegalArgumentException("a bcrypt hash of cost " + cost + "; the cost may be " + MIN_COST
                    + " to " + MAX_COST + ", for more would keep the proxy busy");
        }
        if (!ZERO_BITS_AT_THE_ENDS.matcher(text).matches()) {
            throw new IllegalArgumentException("a bcrypt hash with a wrong character at the end of salt or hash");
        }
        return new BcryptHash(cost, text);
    }

    /** Whether the text has the form of a whole hash. */
    static boolean isWhole(String text) {
        return FORM.matcher(text).matches();
    }

    /** Hashes a password with a random salt. */
    static BcryptHash of(byte[] password, int cost) {
        requireFit(password);
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        return new BcryptHash(cost, OpenBSDBCrypt.generate(password, salt, cost));
    }

    /** Takes the same time for right and wrong passwords. */
    boolean matches(byte[] password) {
        requireFit(password);
        return OpenBSDBCrypt.checkPassword(text, password);
    }

    /** Bouncy Castle would truncate a longer password, so that its first 72 bytes would be enough to log in. */
    private static void requireFit(byte[] password) {
        if (password.length > MAX_PASSWORD) {
            throw new IllegalArgumentException("a password has more than " + MAX_PASSWORD + " bytes");
        }
    }

    int cost() {
        return cost;
    }

    /** The text in the file; new hashes have the form that htpasswd writes. */
    String text() {
        return text;
    }
}
