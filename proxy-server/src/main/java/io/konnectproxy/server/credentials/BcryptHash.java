package io.konnectproxy.server.credentials;

import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** A password's hash by bcrypt, with its salt and cost. Hashing takes milliseconds on purpose: never on an event loop. */
final class BcryptHash {
    static final int MIN_COST = 4;
    /** A second or so; each step beyond doubles that, and 31 would be days. */
    static final int MAX_COST = 14;
    /** bcrypt ignores every byte behind these. */
    static final int MAX_PASSWORD = 72;

    private static final int SALT = 16;

    private static final Pattern FORM =
            Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})");

    /**
     * The last character of the salt has two bits that count, that of the hash four. The others must be 0: Bouncy Castle
     * compares the written forms, so that no password would ever match.
     */
    private static final Pattern ZERO_BITS_AT_THE_ENDS = Pattern.compile(".{28}[.Oeu].{30}[.CGKOSWaeimquy26]");

    private final int cost;
    private final String text;

    private BcryptHash(int cost, String text) {
        this.cost = cost;
        this.text = text;
    }

    /**
     * Reads {@code $2y$10$…}; {@code $2a$} and {@code $2b$} mean the same for passwords that fit. The hash stays as it is
     * written.
     *
     * @throws IllegalArgumentException saying what it is instead, to stand behind "has"; nothing of the text is in it
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

    /** A new one with a salt of its own. */
    static BcryptHash of(byte[] password, int cost) {
        requireFit(password);
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        return new BcryptHash(cost, OpenBSDBCrypt.generate(password, salt, cost));
    }

    /** Takes the same time whatever the answer is. */
    boolean matches(byte[] password) {
        requireFit(password);
        return OpenBSDBCrypt.checkPassword(text, password);
    }

    /** Bouncy Castle would cut a longer password, and let in whoever knows its beginning. */
    private static void requireFit(byte[] password) {
        if (password.length > MAX_PASSWORD) {
            throw new IllegalArgumentException("a password has more than " + MAX_PASSWORD + " bytes");
        }
    }

    int cost() {
        return cost;
    }

    /** As it stands in the file; new ones as htpasswd writes them. */
    String text() {
        return text;
    }
}
