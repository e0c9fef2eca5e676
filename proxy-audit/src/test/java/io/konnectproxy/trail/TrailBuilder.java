package io.konnectproxy.trail;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a correct trail, line by line, without any of the code that is tested with it. A millisecond passes a line.
 */
public final class TrailBuilder {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter();

    private final List<String> lines = new ArrayList<>();
    private Instant time = Instant.parse("2026-11-22T18:00:00Z");
    private long seq;
    private String prev = "0".repeat(64);
    private Optional<String> trail = Optional.of("00ab12cd34ef");
    /** Of each permitted request. */
    private final Map<String, String> clients = new HashMap<>();

    /** A pair for {@link #checkpoint}. */
    public static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Goes on after a line, instead of at the beginning. */
    public TrailBuilder after(long lastSeq, String lastHash) {
        seq = lastSeq;
        prev = lastHash;
        return this;
    }

    /** From now on lines of this trail. */
    public TrailBuilder of(String name) {
        trail = Optional.of(name);
        return this;
    }

    /** From now on lines of version 1. */
    public TrailBuilder version1() {
        trail = Optional.empty();
        return this;
    }

    /** Lets time pass. */
    public TrailBuilder later(Duration by) {
        time = time.plus(by);
        return this;
    }

    /** What the time was, in the form of the trail. */
    public String before(Duration since) {
        return TIME.format(time.minus(since));
    }

    /** Any event; the fields as in the line, like {@code "lost":12}, or nothing. */
    public TrailBuilder event(String word, String fields) {
        String signed = head(word, fields);
        seal(signed);
        return this;
    }

    public TrailBuilder start() {
        return event("start", "\"version\":\"0.1.0\"" + (trail.isPresent() ? ",\"instance\":\"proxy-1\"" : ""));
    }

    public TrailBuilder drain() {
        return event("drain", "");
    }

    public TrailBuilder stop() {
        return event("stop", "");
    }

    /**
     * What is permitted.
     *
     * @param occasion start or segment
     */
    public TrailBuilder configuration(String occasion) {
        String policy = "{\"mode\":[\"enforce\"],\"regions\":[\"us\"]}";
        return event(
                "configuration",
                "\"occasion\":\"" + occasion
                        + (trail.isPresent()
                                ? "\",\"instance\":\"proxy-1\",\"configuration_digest\":\"0123456789ab"
                                : "")
                        + "\",\"digest\":\"" + sha256(policy) + "\",\"policy\":" + policy
                        + ",\"changed\":null");
    }

    public TrailBuilder permitted(String id, String client, String host) {
        clients.put(id, client);
        return event(
                "decision",
                "\"id\":\"" + id + "\",\"listener\":\"127.0.0.1:3128\",\"client\":{\"address\":\"" + client
                        + "\",\"port\":51234,\"user\":null},\"target\":\"" + host
                        + ":443\",\"verdict\":\"permitted\",\"reason\":\"konnect_host\",\"rule\":{\"purpose\":\"platform\","
                        + "\"region\":null,\"pattern\":\"" + host + "\",\"control_plane\":null},\"enforced\":true");
    }

    /**
     * A refusal.
     *
     * @param target as in the line: what JSON escapes is escaped
     */
    public TrailBuilder refused(String id, String client, String target, String reason) {
        return event(
                "decision",
                "\"id\":\"" + id + "\",\"listener\":\"127.0.0.1:3128\",\"client\":{\"address\":\"" + client
                        + "\",\"port\":51234,\"user\":null},\"target\":\"" + target
                        + "\",\"verdict\":\"refused\",\"reason\":\"" + reason + "\",\"rule\":null,\"enforced\":true");
    }

    public TrailBuilder tunnel(String id, String host, String outcome, long up, long down, long millis) {
        return event(
                "tunnel",
                "\"id\":\"" + id + "\"," + client(id) + "\"target\":\"" + host + ":443\"," + rule(host)
                        + "\"outcome\":\"" + outcome
                        + "\",\"upstream\":{\"address\":\"192.0.2.7\",\"port\":443,\"via\":null},\"tls\":{\"sni\":\""
                        + host
                        + "\",\"alpn\":[\"h2\"],\"versions\":[\"1.3\"],\"ech\":false},\"bytes_up\":" + up
                        + ",\"bytes_down\":"
                        + down + ",\"dns_ms\":1,\"connect_ms\":2,\"duration_ms\":" + millis);
    }

    private String client(String id) {
        return trail.isEmpty()
                ? ""
                : "\"listener\":\"127.0.0.1:3128\",\"client\":{\"address\":\"" + clients.getOrDefault(id, "10.0.0.99")
                        + "\",\"port\":51234,\"user\":null},";
    }

    private String rule(String host) {
        return trail.isEmpty()
                ? ""
                : "\"rule\":{\"purpose\":\"platform\",\"region\":null,\"pattern\":\"" + host
                        + "\",\"control_plane\":null},";
    }

    public TrailBuilder gap(long lost, String reason) {
        return event(
                "gap",
                "\"lost\":" + lost + ",\"from\":\"" + TIME.format(time) + "\",\"until\":\""
                        + TIME.format(time.plusSeconds(3)) + "\",\"reason\":\"" + reason
                        + "\",\"on_failure\":\"refuse\"");
    }

    public TrailBuilder torn(String keptAs, long bytes) {
        return event(
                "torn",
                "\"kept_as\":\"" + keptAs + "\",\"bytes\":" + bytes + ",\"reason\":\"the last line has no end\"");
    }

    public TrailBuilder mirror(String mirror, long missed) {
        return event(
                "mirror",
                "\"mirror\":\"" + mirror + "\",\"missed\":" + missed + ",\"from\":\"" + TIME.format(time)
                        + "\",\"until\":\"" + TIME.format(time.plusSeconds(3))
                        + "\",\"reason\":\"the connection was lost\"");
    }

    public TrailBuilder checkpoint(KeyPair keys) {
        String key = sha256(keys.getPublic().getEncoded());
        String signed = head("checkpoint", "\"key\":\"" + key + "\"");
        seal(signed + ",\"signature\":\"" + sign(keys, signed) + "\"");
        return this;
    }

    private String head(String word, String fields) {
        seq++;
        time = time.plusMillis(1);
        return trail.map(name -> "{\"v\":2,\"trail\":\"" + name + "\",\"seq\":").orElse("{\"v\":1,\"seq\":") + seq
                + ",\"time\":\"" + TIME.format(time) + "\",\"event\":\"" + word + "\"" + (fields.isEmpty() ? "" : ",")
                + fields + ",\"prev\":\"" + prev + "\"";
    }

    private void seal(String hashed) {
        prev = sha256(hashed);
        lines.add(hashed + ",\"hash\":\"" + prev + "\"}");
    }

    /** Everything since the last call, each without its line feed. */
    public List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    /** Writes everything since the last call as a segment; its name decides whether it is compressed. */
    public Path writeTo(Path file) {
        return write(file, take());
    }

    /** Writes whole lines; the name decides whether they are compressed. */
    public static Path write(Path file, List<String> lines) {
        String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream packed = file.toString().endsWith(".gz") ? new GZIPOutputStream(out) : out) {
            packed.write(text.getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    public long lastSeq() {
        return seq;
    }

    public String lastHash() {
        return prev;
    }

    public static String sha256(String text) {
        return sha256(text.getBytes(US_ASCII));
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sign(KeyPair keys, String text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(text.getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
