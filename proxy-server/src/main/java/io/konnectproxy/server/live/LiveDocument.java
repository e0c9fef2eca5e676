package io.konnectproxy.server.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The document of the live page. It has one style and one script, and its content security policy permits these two by their hashes and
 * nothing else: what a client has sent cannot run even if it became a part of the page.
 */
public final class LiveDocument {
    private static final String FILE = "page.html";

    private final byte[] html;
    private final String policy;

    private LiveDocument(byte[] html, String policy) {
        this.html = html;
        this.policy = policy;
    }

    /** Reads the packaged document. */
    public static LiveDocument read() {
        try (InputStream in = LiveDocument.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing from the jar: " + FILE);
            }
            return of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LiveDocument of(byte[] html) {
        String text = new String(html, UTF_8);
        return new LiveDocument(
                html.clone(),
                "default-src 'none'; script-src '" + hash(text, "script") + "'; style-src '" + hash(text, "style")
                        + "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    }

    /** As a browser computes it, of the text between the tags. */
    private static String hash(String text, String element) {
        String begin = "<" + element + ">";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf("</" + element + ">", from);
        if (from < begin.length() || to < 0 || text.indexOf("<" + element, to) >= 0) {
            throw new IllegalStateException(FILE + " must have one element " + element + ", without attributes");
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(text.substring(from, to).getBytes(UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The bytes in UTF-8; they are shared, so nobody may change them. */
    public byte[] html() {
        return html;
    }

    /** The value of {@code Content-Security-Policy}. */
    public String contentSecurityPolicy() {
        return policy;
    }
}
