package io.konnectproxy.server.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The document of the live page as it is shipped. */
record PageDocument(String text) {
    static PageDocument shipped() {
        try (InputStream in = PageDocument.class.getResourceAsStream("/io/konnectproxy/server/live/page.html")) {
            return new PageDocument(new String(Objects.requireNonNull(in).readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String style() {
        return only("style");
    }

    String script() {
        return only("script");
    }

    private String only(String element) {
        Matcher matcher = Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL)
                .matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no <" + element + ">");
        }
        return matcher.group(1);
    }

    /** The policy that permits this style and this script, and nothing else. */
    String contentSecurityPolicy() {
        return "default-src 'none'; script-src '" + hash(script()) + "'; style-src '" + hash(style())
                + "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
