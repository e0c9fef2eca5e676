package io.konnectproxy.archive.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.NewObject;
import io.konnectproxy.archive.ObjectWriter.BucketFacts;
import io.konnectproxy.archive.ObjectWriter.Lock;
import io.konnectproxy.archive.ObjectWriter.Retention;
import io.konnectproxy.archive.S3Settings;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.archive.StoreException.Kind;
import io.konnectproxy.archive.StoredObject;
import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.StandInS3;
import io.konnectproxy.support.TestAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over real sockets, against a stand-in that verifies signatures and checksums. */
class S3StoreTest {
    private static final BucketUrl BUCKET = BucketUrl.parse("s3://" + StandInS3.BUCKET + "/proxies");
    private static final byte[] LINES = "{\"seq\":1}\n".getBytes(UTF_8);

    private StandInS3 s3;

    @BeforeEach
    void start() throws IOException {
        s3 = StandInS3.start();
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    private S3Store store() throws StoreException {
        return store(Optional.empty());
    }

    private S3Store store(Optional<String> region) throws StoreException {
        return S3Store.open(
                BUCKET, new S3Settings(Optional.of(s3.endpoint()), region, Optional.empty(), Optional.empty()));
    }

    private static NewObject object(String key) {
        return locked(key, Optional.empty());
    }

    private static NewObject locked(String key, Optional<Retention> retention) {
        return NewObject.of(key, "application/x-ndjson", LINES, Map.of("first-seq", "1"), retention);
    }

    @Test
    void puts_an_object_with_its_checksum_and_metadata_and_never_over_another() throws Exception {
        try (S3Store store = store()) {
            assertThat(store.metadata("proxies/a")).isEmpty();
            store.put(object("proxies/a"));

            StandInS3.Stored stored = s3.objects.get("proxies/a");
            assertThat(stored.bytes()).isEqualTo(LINES);
            assertThat(stored.headers())
                    .containsEntry("if-none-match", "*")
                    .containsEntry("content-type", "application/x-ndjson")
                    .containsKey("x-amz-checksum-sha256")
                    .doesNotContainKeys("content-encoding", "x-amz-trailer", "x-amz-object-lock-mode");
            assertThat(store.metadata("proxies/a")).contains(Map.of("first-seq", "1"));
            assertThat(store.find("proxies/a").orElseThrow().size()).isEqualTo(LINES.length);
            assertThat(catchThrowableOfType(StoreException.class, () -> store.put(object("proxies/a")))
                            .kind())
                    .isEqualTo(Kind.TAKEN);
        }
    }

    @Test
    void locks_an_object_until_a_date() throws Exception {
        Instant until = Instant.now().plus(400, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        try (S3Store store = store()) {
            store.put(locked("a", Optional.of(new Retention(true, until))));
            store.put(locked("b", Optional.of(new Retention(false, until))));
        }

        assertThat(s3.objects.get("a").mode()).isEqualTo("COMPLIANCE");
        assertThat(s3.objects.get("b").mode()).isEqualTo("GOVERNANCE");
        assertThat(s3.objects.get("a").retainUntil()).contains(until);
        assertThat(s3.delete("a")).isFalse();
    }

    @Test
    void what_is_put_is_what_was_hashed() throws Exception {
        NewObject lie = object("a");
        NewObject other = new NewObject(
                "a",
                lie.contentType(),
                lie.size(),
                lie.sha256(),
                lie.metadata(),
                Optional.empty(),
                () -> new ByteArrayInputStream("{\"seq\":2}\n".getBytes(UTF_8)));
        try (S3Store store = store()) {
            assertThatThrownBy(() -> store.put(other))
                    .hasMessage("the bytes did not arrive as they were sent (BadDigest)");
        }
        assertThat(s3.objects).isEmpty();
    }

    @Test
    void lists_page_by_page() throws Exception {
        s3.page = 3;
        List<String> keys = new ArrayList<>();
        try (S3Store store = store()) {
            for (String key : List.of("a/1", "a/2", "a/3", "a/4", "b/1")) {
                store.put(object(key));
            }
            String after = "";
            for (List<StoredObject> page = store.list("a/", after); !page.isEmpty(); page = store.list("a/", after)) {
                page.forEach(each -> keys.add(each.key()));
                after = page.get(page.size() - 1).key();
            }
        }
        assertThat(keys).containsExactly("a/1", "a/2", "a/3", "a/4");
    }

    @Test
    void reads_from_an_offset_only_what_was_listed() throws Exception {
        try (S3Store store = store()) {
            store.put(object("a"));
            StoredObject listed = store.list("", "").get(0);
            try (InputStream whole = store.open(listed, 0);
                    InputStream rest = store.open(listed, 4);
                    InputStream nothing = store.open(listed, LINES.length)) {
                assertThat(whole.readAllBytes()).isEqualTo(LINES);
                assertThat(new String(rest.readAllBytes(), UTF_8)).isEqualTo("q\":1}\n");
                assertThat(nothing.read()).isNegative();
            }
            s3.objects.remove("a");
            store.put(NewObject.of("a", "text/plain", new byte[1], Map.of(), Optional.empty()));
            assertThat(catchThrowableOfType(StoreException.class, () -> store.open(listed, 0))
                            .kind())
                    .isEqualTo(Kind.CHANGED);
            s3.objects.remove("a");
            assertThat(catchThrowableOfType(StoreException.class, () -> store.open(listed, 0))
                            .kind())
                    .isEqualTo(Kind.ABSENT);
        }
    }

    @Test
    void a_body_that_is_cut_is_a_trouble_of_the_network() throws Exception {
        s3.cutAfter = 3;
        try (S3Store store = store()) {
            store.put(object("a"));
            try (InputStream in = store.open(store.find("a").orElseThrow(), 0)) {
                assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void what_is_not_read_to_its_end_is_closed_at_once() throws Exception {
        s3.objects.put("large", StandInS3.Stored.of(new byte[64 << 20], Map.of()));
        try (S3Store store = store()) {
            InputStream in = store.open(store.find("large").orElseThrow(), 0);
            assertThat(in.read()).isZero();
            in.close();
            Await.until("the store notices that nobody takes the rest", () -> s3.cut.get() == 1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true  | eu-west-1 | ENABLED",
                "false | eu-west-1 | ABSENT",
            })
    void knows_the_bucket(boolean locks, String region, Lock lock) throws Exception {
        s3.locks = locks;
        s3.region = region;
        try (S3Store store = store(Optional.of(region))) {
            assertThat(store.facts()).isEqualTo(new BucketFacts(Optional.of(region), Optional.of(lock)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | AccessDenied   |",
                "501 | NotImplemented | UNKNOWN_TO_STORE",
                "404 | ObjectLockConfigurationNotFoundError | ABSENT",
            })
    void says_so_where_it_cannot_be_known_whether_there_are_locks(int status, String code, Lock lock) throws Exception {
        s3.fail("GET ?object-lock", status, code);
        try (S3Store store = store()) {
            assertThat(store.facts().lock()).isEqualTo(Optional.ofNullable(lock));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | AccessDenied | REFUSED | access is denied: the credentials need s3:PutObject and s3:PutObjectRetention on the bucket",
                "403 | InvalidAccessKeyId | REFUSED | the store does not know the access key",
                "403 | SignatureDoesNotMatch | REFUSED | the store refuses the signature: the secret key is not the access key's",
                "400 | ExpiredToken | REFUSED | the store says that the credentials have expired (ExpiredToken)",
                "404 | NoSuchBucket | REFUSED | there is no bucket trails",
                "301 | PermanentRedirect | REFUSED | the bucket is in another region; set the region to that one",
                "400 | InvalidRequest | REFUSED | the store refuses the lock (InvalidRequest): does bucket trails have Object Lock?"
                        + " It must have it before 'retain-for' is set",
                "409 | ConditionalRequestConflict | TROUBLE | somebody else writes the same object at this moment",
                "501 | NotImplemented | REFUSED | the store does not know a part of the request: If-None-Match, a SHA-256 checksum"
                        + " and, with 'retain-for', Object Lock are needed",
                "503 | SlowDown | TROUBLE | the store is busy (SlowDown)",
                "500 | InternalError | TROUBLE | the store has a fault of its own (InternalError)",
                "418 | Teapot | REFUSED | the store answered 418 (Teapot)",
                "502 | <b>Bad</b> | TROUBLE | the store answered 502",
            })
    void says_what_to_do_when_a_put_fails(int status, String code, Kind kind, String sentence) throws Exception {
        // Once for the request, and once for the retry where there is one.
        s3.fail("PUT", status, code);
        s3.fail("PUT", status, code);
        Retention retention = new Retention(true, Instant.now().plusSeconds(600));
        try (S3Store store = store()) {
            StoreException failed =
                    catchThrowableOfType(StoreException.class, () -> store.put(locked("a", Optional.of(retention))));
            assertThat(failed).hasMessage(sentence);
            assertThat(failed.kind()).isEqualTo(kind);
        }
        assertThat(s3.objects).isEmpty();
    }

    @Test
    void names_the_right_that_each_request_needs() throws Exception {
        for (String each : List.of("GET ", "HEAD a", "PUT a", "HEAD ")) {
            s3.fail(each, 403, "AccessDenied");
        }
        try (S3Store store = store()) {
            assertThatThrownBy(() -> store.list("", "")).hasMessageContaining("need s3:ListBucket on");
            assertThatThrownBy(() -> store.find("a")).hasMessageContaining("need s3:GetObject and s3:ListBucket on");
            assertThatThrownBy(() -> store.put(object("a"))).hasMessageContaining("need s3:PutObject on");
            assertThatThrownBy(store::facts).hasMessageContaining("need s3:ListBucket on");
        }
    }

    @Test
    void names_the_region_that_the_bucket_is_in() throws Exception {
        s3.region = "eu-west-1";
        try (S3Store store = store(Optional.of("us-east-2"))) {
            String sentence = "bucket trails is in region eu-west-1, not in us-east-2; set the region to eu-west-1";
            assertThatThrownBy(() -> store.put(object("a"))).hasMessage(sentence);
            assertThatThrownBy(store::facts).hasMessage(sentence);
        }
    }

    @Test
    void a_bucket_without_locks_refuses_one() throws Exception {
        s3.locks = false;
        Retention retention = new Retention(true, Instant.now().plusSeconds(600));
        try (S3Store store = store()) {
            assertThatThrownBy(() -> store.put(locked("a", Optional.of(retention))))
                    .hasMessageContaining("does bucket trails have Object Lock?");
        }
    }

    private static final String SKEWED = "<Error><Code>RequestTimeTooSkewed</Code><Message>no</Message></Error>";

    /** A store whose clock is ahead; a stand-in of the JDK's server always says the time of this machine. */
    private static MockWebServer ahead(int... statuses) throws IOException {
        MockWebServer server = new MockWebServer();
        for (int status : statuses) {
            server.enqueue(new MockResponse.Builder()
                    .code(status)
                    .setHeader(
                            "Date",
                            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                    ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(40)))
                    .body(status == 200 ? "<ListBucketResult></ListBucketResult>" : SKEWED)
                    .build());
        }
        server.start();
        return server;
    }

    private static S3Store before(MockWebServer server) throws StoreException {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getPort());
        return S3Store.open(
                BUCKET, new S3Settings(Optional.of(endpoint), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void a_clock_that_is_off_hinders_nothing_and_is_known() throws Exception {
        try (MockWebServer server = ahead(403, 200);
                S3Store store = before(server)) {
            assertThat(store.list("", "")).isEmpty();
            assertThat(store.clockAhead()).isBetween(Duration.ofMinutes(-41), Duration.ofMinutes(-39));
        }
    }

    @Test
    void says_that_a_time_is_refused_and_by_how_much_it_is_off() throws Exception {
        try (MockWebServer server = ahead(403, 403);
                S3Store store = before(server)) {
            StoreException failed = catchThrowableOfType(StoreException.class, () -> store.list("", ""));
            assertThat(failed)
                    .hasMessageMatching(
                            "the store refuses the request's time: this machine's clock is (39|40) minutes behind"
                                    + " the store's; set it right");
            assertThat(failed.kind()).isEqualTo(Kind.TROUBLE);
        }
    }

    @Test
    void says_that_there_are_no_credentials() throws Exception {
        System.clearProperty("aws.accessKeyId");
        System.setProperty("aws.disableEc2Metadata", "true");
        try (S3Store store = store()) {
            StoreException failed = catchThrowableOfType(StoreException.class, () -> store.list("", ""));
            assertThat(failed)
                    .hasMessage("no credentials were found: give this process a role, or AWS_ACCESS_KEY_ID and"
                            + " AWS_SECRET_ACCESS_KEY");
            assertThat(failed.kind()).isEqualTo(Kind.REFUSED);
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
        }
        assertThat(s3.requests).isEmpty();
    }

    @Test
    void says_that_nobody_listens() throws Exception {
        int port = FreePort.number();
        S3Settings settings = new S3Settings(
                Optional.of(URI.create("http://127.0.0.1:" + port)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        try (S3Store store = S3Store.open(BUCKET, settings)) {
            assertThatThrownBy(() -> store.put(object("a"))).hasMessage("connection refused");
        }
    }

    @Test
    void trusts_whom_it_was_told_to() throws Exception {
        TestAuthority authority = new TestAuthority();
        try (StandInS3 tls = StandInS3.tls(authority.serverContext(List.of("localhost")))) {
            S3Settings none =
                    new S3Settings(Optional.of(tls.endpoint()), Optional.empty(), Optional.empty(), Optional.empty());
            try (S3Store store = S3Store.open(BUCKET, none)) {
                assertThatThrownBy(() -> store.put(object("a")))
                        .hasMessage("its certificate is from nobody who is trusted");
            }
            S3Settings trusting = new S3Settings(
                    Optional.of(tls.endpoint()),
                    Optional.empty(),
                    Optional.of(new TrustedCertificates("ca.pem", List.of(authority.certificate()))),
                    Optional.empty());
            try (S3Store store = S3Store.open(BUCKET, trusting)) {
                store.put(object("a"));
            }
            assertThat(tls.objects).containsKey("a");
        }
    }
}
