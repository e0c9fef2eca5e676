package io.konnectproxy.server.command;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/** A new password for a user. Clients can send it, and it is within the length that bcrypt hashes. */
final class NewPassword {
    private static final int MAX_BYTES = 72;
    private static final int GENERATED = 32;
    /** Characters that need no encoding in a URL, and no quotes in a shell or a YAML file. */
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static final String UNRESERVED = ALPHABET + "-._~";

    private final byte[] bytes;
    private final Optional<String> generated;

    private NewPassword(byte[] bytes, Optional<String> generated) {
        this.bytes = bytes;
        this.generated = generated;
    }

    /** A password cannot be used. The message is one sentence, without any part of the password. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;

        Unfit(String sentence) {
            super(sentence);
        }
    }

    /** A random password of 190 bits. */
    static NewPassword generated() {
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GENERATED; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new NewPassword(text.toString().getBytes(StandardCharsets.US_ASCII), Optional.of(text.toString()));
    }

    /** A password that is typed twice. */
    static NewPassword asked(PasswordPrompt prompt) throws Unfit {
        char[] first = answer(prompt, "Password");
        char[] second = answer(prompt, "The same again");
        try {
            if (!Arrays.equals(first, second)) {
                throw new Unfit("The two are not the same; nothing was changed.");
            }
            return of(first);
        } finally {
            Arrays.fill(first, '\0');
            Arrays.fill(second, '\0');
        }
    }

    private static char[] answer(PasswordPrompt prompt, String question) throws Unfit {
        return prompt.ask(question)
                .orElseThrow(() ->
                        new Unfit("There is no terminal to ask for the password; use --password-file or --generate."));
    }

    static NewPassword of(char[] text) throws Unfit {
        byte[] bytes = utf8(text);
        if (bytes.length == 0) {
            throw new Unfit("The password is empty; nothing was changed.");
        }
        if (bytes.length > MAX_BYTES) {
            throw new Unfit("The password has more than " + MAX_BYTES
                    + " bytes, which is all that bcrypt looks at; choose a shorter one.");
        }
        for (char each : text) {
            if (Character.isISOControl(each)) {
                throw new Unfit("The password has a control character, which no client may send; choose another.");
            }
        }
        return new NewPassword(bytes, Optional.empty());
    }

    private static byte[] utf8(char[] text) throws Unfit {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new Unfit("The password has half a character in it; choose another.");
        }
    }

    /** Whether it is ASCII, so that its bytes are the same in every encoding that clients use. */
    boolean isAscii() {
        for (byte each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** The generated password, to be printed once; empty where it was given. */
    Optional<String> generatedText() {
        return generated;
    }

    /**
     * Percent-encoded for the user information of a URL (RFC 3986, section 3.2.1). It encodes more characters than are
     * required.
     */
    static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            encoded.append(UNRESERVED.indexOf(each) >= 0 ? Character.toString(each) : "%%%02X".formatted(each & 0xff));
        }
        return encoded.toString();
    }
}
