package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;

/**
 * A store that speaks the part of S3's protocol that an archive needs, over HTTP and by path, with one bucket, and is as strict as
 * the real one: it verifies each signature (version 4), the checksum and the hash of what is put, and refuses locks where the
 * bucket has none. It can be told to fail. The credentials are given to this process's AWS chain until it is closed.
 */
public final class StandInS3 implements AutoCloseable {
    public static final String BUCKET = "trails";
    public static final String ACCESS_KEY = "AKIASTANDIN";
    public static final String SECRET_KEY = "stand/in+secret";
    private static final Duration MOST_SKEW = Duration.ofMinutes(15);
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<day>\\d{8})/"
                    + "(?<region>[a-z0-9-]+)/s3/aws4_request, ?SignedHeaders=(?<headers>[a-z0-9;-]+), ?Signature=(?<signature>[0-9a-f]{64})");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** What was put. */
    public static final class Stored {
        private final byte[] bytes;
        private final Map<String, String> headers;
        private final Instant modified;

        private Stored(byte[] bytes, Map<String, String> headers, Instant modified) {
            this.bytes = bytes;
            this.headers = headers;
            this.modified = modified;
        }

        /** One that nobody has locked. */
        public static Stored of(byte[] bytes, Map<String, String> headers) {
            return new Stored(bytes.clone(), headers, Instant.now());
        }

        public byte[] bytes() {
            return bytes.clone();
        }

        /** Of its request, with names in lower case. */
        public Map<String, String> headers() {
            return headers;
        }

        /** {@code COMPLIANCE}, {@code GOVERNANCE}, or empty. */
        public String mode() {
            return headers.getOrDefault("x-amz-object-lock-mode", "");
        }

        public Optional<Instant> retainUntil() {
            return Optional.ofNullable(headers.get("x-amz-object-lock-retain-until-date"))
                    .map(Instant::parse);
        }

        /** What was put beside the bytes, without the prefix; empty where it was not. */
        public String metadata(String name) {
            return headers.getOrDefault("x-amz-meta-" + name, "");
        }

        private String etag() {
            return "\"" + HexFormat.of().formatHex(sha256(bytes)).substring(0, 32) + "\"";
        }
    }

    /** What becomes of one request. */
    private record Fault(String request, int status, String code) {}

    /** By key. Tests may add, alter and remove what they like. */
    public final NavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    /** Answers that nobody took to their end. */
    public final AtomicInteger cut = new AtomicInteger();

    /** Method and key of each request, with its sub-resource, in order. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    /** Requests wait for it. */
    public volatile CountDownLatch answering = new CountDownLatch(0);
    /** Whether the bucket takes locks. */
    public volatile boolean locks = true;
    /** Whether locks are taken and then forgotten. */
    public volatile boolean forgetsLocks;
    /** What objects say about themselves instead of the truth: names of headers in lower case. */
    public final Map<String, String> lies = new ConcurrentHashMap<>();
    /** The store's region, which signatures must name; empty for any. */
    public volatile String region = "";

    public volatile Clock clock = Clock.systemUTC();
    /** The most keys of one page. */
    public volatile int page = 1000;
    /** How much of a body is sent before the connection is cut; negative for all. */
    public volatile int cutAfter = -1;

    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "stand-in-s3");
        thread.setDaemon(true);
        return thread;
    });

    private StandInS3(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        System.setProperty("aws.accessKeyId", ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", SECRET_KEY);
    }

    public static StandInS3 start() throws IOException {
        return at(0);
    }

    public static StandInS3 at(int port) throws IOException {
        return new StandInS3(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50));
    }

    public static StandInS3 tls(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new StandInS3(server);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public URI endpoint() {
        String host = server instanceof HttpsServer ? "https://localhost:" : "http://127.0.0.1:";
        return URI.create(host + port());
    }

    /** The next request that begins with this, {@code "PUT "} or {@code "GET edge-1/"}, fails; a request fails once for each call. */
    public void fail(String request, int status, String code) {
        faults.add(new Fault(request, status, code));
    }

    /** No request fails any more. */
    public void heal() {
        faults.clear();
    }

    /** How often something was asked. */
    public long asked(Predicate<String> which) {
        return requests.stream().filter(which).count();
    }

    /** Removes an object as anybody with all rights would; false where a lock holds it. */
    public boolean delete(String key) {
        Stored stored = objects.get(key);
        if (stored != null
                && stored.retainUntil().filter(clock.instant()::isBefore).isPresent()) {
            return false;
        }
        objects.remove(key);
        return true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                Incoming incoming = new Incoming(exchange);
                requests.add(incoming.name());
                answering.await();
                byte[] body = exchange.getRequestBody().readAllBytes();
                failIfToldTo(incoming);
                verify(incoming, body);
                answer(incoming, body);
            } catch (Refused e) {
                refuse(exchange, e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void failIfToldTo(Incoming incoming) throws Refused {
        Optional<Fault> fault = faults.stream()
                .filter(each -> incoming.name().startsWith(each.request()))
                .findFirst();
        if (fault.isPresent() && faults.remove(fault.get())) {
            throw new Refused(fault.get().status(), fault.get().code());
        }
    }

    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;
        private final String code;

        Refused(int status, String code) {
            super(code);
            this.status = status;
            this.code = code;
        }
    }

    /** A request, taken apart. */
    private static final class Incoming {
        final HttpExchange exchange;
        final String method;
        final String bucket;
        final String key;
        final TreeMap<String, String> query = new TreeMap<>();

        Incoming(HttpExchange exchange) {
            this.exchange = exchange;
            this.method = exchange.getRequestMethod();
            String[] path = exchange.getRequestURI().getPath().split("/", 3);
            this.bucket = path.length > 1 ? path[1] : "";
            this.key = path.length > 2 ? path[2] : "";
            String raw = exchange.getRequestURI().getRawQuery();
            if (raw != null) {
                for (String each : raw.split("&", -1)) {
                    String[] pair = each.split("=", 2);
                    query.put(decoded(pair[0]), pair.length > 1 ? decoded(pair[1]) : "");
                }
            }
        }

        String name() {
            return method + " " + key + (query.containsKey("object-lock") ? "?object-lock" : "");
        }

        String header(String name) {
            String value = exchange.getRequestHeaders().getFirst(name);
            return value == null ? "" : value;
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, UTF_8);
        }
    }

    private void verify(Incoming incoming, byte[] body) throws IOException {
        Matcher form = AUTHORIZATION.matcher(incoming.header("Authorization"));
        if (!form.matches() || !form.group("headers").contains("x-amz-date")) {
            throw new Refused(403, "AccessDenied");
        }
        if (!region.isEmpty() && !region.equals(form.group("region"))) {
            incoming.exchange.getResponseHeaders().set("x-amz-bucket-region", region);
            throw new Refused(400, "AuthorizationHeaderMalformed");
        }
        if (!form.group("key").equals(ACCESS_KEY)) {
            throw new Refused(403, "InvalidAccessKeyId");
        }
        Instant signed = STAMP.parse(incoming.header("x-amz-date"), Instant::from);
        if (Duration.between(signed, clock.instant()).abs().compareTo(MOST_SKEW) > 0) {
            throw new Refused(403, "RequestTimeTooSkewed");
        }
        if (!signature(incoming, form).equals(form.group("signature"))) {
            throw new Refused(403, "SignatureDoesNotMatch");
        }
        String hash = incoming.header("x-amz-content-sha256");
        if (!hash.equals("UNSIGNED-PAYLOAD") && !hash.equals(HexFormat.of().formatHex(sha256(body)))) {
            throw new Refused(400, hash.startsWith("STREAMING") ? "NotImplemented" : "XAmzContentSHA256Mismatch");
        }
    }

    private static String signature(Incoming incoming, Matcher form) {
        String headers = Arrays.stream(form.group("headers").split(";", -1))
                .map(name -> name + ":"
                        + incoming.exchange.getRequestHeaders().get(name).stream()
                                .map(value -> value.trim().replaceAll(" +", " "))
                                .collect(Collectors.joining(","))
                        + "\n")
                .collect(Collectors.joining());
        String query = incoming.query.entrySet().stream()
                .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
                .collect(Collectors.joining("&"));
        String request = String.join(
                "\n",
                incoming.method,
                incoming.exchange.getRequestURI().getRawPath(),
                query,
                headers,
                form.group("headers"),
                incoming.header("x-amz-content-sha256"));
        String scope = form.group("day") + "/" + form.group("region") + "/s3/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + incoming.header("x-amz-date") + "\n" + scope + "\n"
                + HexFormat.of().formatHex(sha256(request.getBytes(UTF_8)));
        byte[] key = ("AWS4" + SECRET_KEY).getBytes(UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private void answer(Incoming incoming, byte[] body) throws IOException {
        if (!incoming.bucket.equals(BUCKET)) {
            throw new Refused(404, "NoSuchBucket");
        }
        if (incoming.key.isEmpty()) {
            answerForBucket(incoming);
            return;
        }
        switch (incoming.method) {
            case "PUT" -> put(incoming, body);
            case "GET", "HEAD" -> get(incoming);
            default -> throw new Refused(405, "MethodNotAllowed");
        }
    }

    private void answerForBucket(Incoming incoming) throws IOException {
        if (incoming.method.equals("HEAD")) {
            if (!region.isEmpty()) {
                incoming.exchange.getResponseHeaders().set("x-amz-bucket-region", region);
            }
            incoming.exchange.sendResponseHeaders(200, -1);
        } else if (incoming.query.containsKey("object-lock")) {
            if (!locks) {
                throw new Refused(404, "ObjectLockConfigurationNotFoundError");
            }
            send(
                    incoming,
                    200,
                    "<ObjectLockConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><ObjectLockEnabled>Enabled"
                            + "</ObjectLockEnabled></ObjectLockConfiguration>");
        } else if ("2".equals(incoming.query.get("list-type"))) {
            list(incoming);
        } else {
            throw new Refused(501, "NotImplemented");
        }
    }

    private void list(Incoming incoming) throws IOException {
        String prefix = incoming.query.getOrDefault("prefix", "");
        String after = incoming.query.getOrDefault("start-after", "");
        List<Map.Entry<String, Stored>> found = objects.tailMap(after, false).entrySet().stream()
                .filter(each -> each.getKey().startsWith(prefix))
                .limit(page + 1L)
                .toList();
        boolean more = found.size() > page;
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult"
                + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>" + BUCKET + "</Name>");
        xml.append("<IsTruncated>").append(more).append("</IsTruncated>");
        for (Map.Entry<String, Stored> each : found.subList(0, Math.min(found.size(), page))) {
            xml.append("<Contents><Key>").append(each.getKey()).append("</Key><LastModified>");
            xml.append(each.getValue().modified).append("</LastModified><ETag>");
            xml.append(each.getValue().etag().replace("\"", "&quot;")).append("</ETag><Size>");
            xml.append(each.getValue().bytes.length).append("</Size></Contents>");
        }
        send(incoming, 200, xml.append("</ListBucketResult>").toString());
    }

    private synchronized void put(Incoming incoming, byte[] body) throws IOException {
        String checksum = incoming.header("x-amz-checksum-sha256");
        if (!checksum.isEmpty() && !checksum.equals(Base64.getEncoder().encodeToString(sha256(body)))) {
            throw new Refused(400, "BadDigest");
        }
        if (incoming.header("If-None-Match").equals("*") && objects.containsKey(incoming.key)) {
            throw new Refused(412, "PreconditionFailed");
        }
        String until = incoming.header("x-amz-object-lock-retain-until-date");
        String mode = incoming.header("x-amz-object-lock-mode");
        if (!until.isEmpty() || !mode.isEmpty()) {
            if (!locks || checksum.isEmpty() || !mode.matches("COMPLIANCE|GOVERNANCE")) {
                throw new Refused(400, "InvalidRequest");
            }
            if (!Instant.parse(until).isAfter(clock.instant())) {
                throw new Refused(400, "InvalidArgument");
            }
        }
        Map<String, String> headers = new TreeMap<>();
        for (Map.Entry<String, List<String>> each :
                incoming.exchange.getRequestHeaders().entrySet()) {
            String name = each.getKey().toLowerCase(Locale.ROOT);
            if (!forgetsLocks || !name.startsWith("x-amz-object-lock-")) {
                headers.put(name, each.getValue().get(0));
            }
        }
        Stored stored = new Stored(body, headers, clock.instant());
        objects.put(incoming.key, stored);
        incoming.exchange.getResponseHeaders().set("ETag", stored.etag());
        incoming.exchange.sendResponseHeaders(200, -1);
    }

    private void get(Incoming incoming) throws IOException {
        Stored stored = objects.get(incoming.key);
        if (stored == null) {
            throw new Refused(404, "NoSuchKey");
        }
        String match = incoming.header("If-Match");
        if (!match.isEmpty() && !match.equals(stored.etag())) {
            throw new Refused(412, "PreconditionFailed");
        }
        Headers headers = incoming.exchange.getResponseHeaders();
        headers.set("ETag", stored.etag());
        headers.set(
                "Last-Modified", DateTimeFormatter.RFC_1123_DATE_TIME.format(stored.modified.atOffset(ZoneOffset.UTC)));
        stored.headers().forEach((name, value) -> {
            if (name.startsWith("x-amz-meta-")
                    || name.startsWith("x-amz-object-lock-")
                    || name.equals("content-type")) {
                headers.set(name, value);
            }
        });
        lies.forEach(headers::set);
        Matcher range = RANGE.matcher(incoming.header("Range"));
        int from = range.matches() ? Integer.parseInt(range.group(1)) : 0;
        int length = stored.bytes.length - from;
        if (from > 0 && length <= 0) {
            throw new Refused(416, "InvalidRange");
        }
        if (incoming.method.equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(length));
            incoming.exchange.sendResponseHeaders(200, -1);
            return;
        }
        if (range.matches()) {
            headers.set("Content-Range", "bytes " + from + "-" + (from + length - 1) + "/" + stored.bytes.length);
        }
        incoming.exchange.sendResponseHeaders(range.matches() ? 206 : 200, length == 0 ? -1 : length);
        OutputStream out = incoming.exchange.getResponseBody();
        if (cutAfter >= 0 && cutAfter < length) {
            out.write(stored.bytes, from, cutAfter);
            out.flush();
            // The connection is closed with the exchange, in the middle of the body.
            return;
        }
        try {
            out.write(stored.bytes, from, length);
        } catch (IOException e) {
            cut.incrementAndGet();
            throw e;
        }
    }

    private static void send(Incoming incoming, int status, String xml) throws IOException {
        incoming.exchange.getResponseHeaders().set("Content-Type", "application/xml");
        byte[] bytes = xml.getBytes(UTF_8);
        incoming.exchange.sendResponseHeaders(status, bytes.length);
        incoming.exchange.getResponseBody().write(bytes);
    }

    private void refuse(HttpExchange exchange, Refused why) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC)));
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(why.status, -1);
            return;
        }
        headers.set("Content-Type", "application/xml");
        byte[] body = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + why.code
                        + "</Code><Message>What a store says goes nowhere: &lt;b&gt;&#155;31m</Message></Error>")
                .getBytes(UTF_8);
        exchange.sendResponseHeaders(why.status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keys that begin so, in order. */
    public List<String> keys(String prefix) {
        return new ArrayList<>(objects.tailMap(prefix, true).keySet())
                .stream().filter(key -> key.startsWith(prefix)).toList();
    }

    @Override
    public void close() {
        answering.countDown();
        server.stop(0);
        threads.shutdownNow();
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }
}
