package io.konnectproxy.server.credentials;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.BCrypt;

/** A password's hash by bcrypt, with the salt and cost it was made with. Takes milliseconds on purpose: never on an event loop. */
final class BcryptHash {
    static final int MIN_COST = 4;
    /** A second or so; each step beyond doubles that, and 31 would be days. */
    static final int MAX_COST = 14;
    /** All that bcrypt looks at. */
    static final int MAX_PASSWORD = 72;

    private static final int SALT = 16;
    /** Of the 24 bytes that come out, the last never was part of the written form. */
    private static final int HASH = 23;

    private static final Pattern FORM =
            Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})");

    private final int cost;
    private final byte[] salt;
    private final byte[] hash;

    private BcryptHash(int cost, byte[] salt, byte[] hash) {
        this.cost = cost;
        this.salt = salt;
        this.hash = hash;
    }

    /**
     * Reads {@code $2y$10$…}; {@code $2a$} and {@code $2b$} mean the same for passwords that fit.
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
        try {
            return new BcryptHash(cost, BcryptText.read(form.group(2)), BcryptText.read(form.group(3)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a bcrypt hash with a wrong character at the end of salt or hash", e);
        }
    }

    /** A new one with a salt of its own. */
    static BcryptHash of(byte[] password, int cost) {
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        return new BcryptHash(cost, salt, hash(password, salt, cost));
    }

    /** Takes the same time whatever the answer is. */
    boolean matches(byte[] password) {
        return MessageDigest.isEqual(hash, hash(password, salt, cost));
    }

    private static byte[] hash(byte[] password, byte[] salt, int cost) {
        // The zero byte at a password's end counts, as far as there is room for it.
        return Arrays.copyOf(BCrypt.generate(password, salt, cost, true), HASH);
    }

    int cost() {
        return cost;
    }

    /** As htpasswd writes it. */
    String text() {
        return "$2y$%02d$".formatted(cost) + BcryptText.write(salt) + BcryptText.write(hash);
    }
}
