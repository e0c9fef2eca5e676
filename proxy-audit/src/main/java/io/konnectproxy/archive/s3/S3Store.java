package io.konnectproxy.archive.s3;

import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.NewObject;
import io.konnectproxy.archive.ObjectWriter;
import io.konnectproxy.archive.S3Settings;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.archive.StoreException.Kind;
import io.konnectproxy.archive.StoredObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** One bucket of Amazon S3, or of a store that speaks its protocol. */
public final class S3Store implements ObjectWriter {
    /** The slowest line that an object is still sent over. A peer that stops reading holds its sender no longer than this says. */
    private static final long SLOWEST_BYTES_A_SECOND = 64 << 10;

    private final String bucket;
    private final S3Client client;
    private final SdkHttpClient http;
    private final StoreClock clock;
    private final DefaultCredentialsProvider credentials;
    private final S3Troubles troubles;

    private S3Store(
            String bucket,
            S3Client client,
            SdkHttpClient http,
            StoreClock clock,
            DefaultCredentialsProvider credentials,
            S3Troubles troubles) {
        this.bucket = bucket;
        this.client = client;
        this.http = http;
        this.clock = clock;
        this.credentials = credentials;
        this.troubles = troubles;
    }

    /**
     * Does not connect yet, except to ask a machine of AWS for its region where nothing else says it.
     *
     * @throws StoreException if no region is known
     */
    public static S3Store open(BucketUrl url, S3Settings settings) throws StoreException {
        StoreClock clock = new StoreClock();
        S3Troubles troubles = new S3Troubles(url.bucket(), settings, clock);
        SdkHttpClient http = SdkClients.http(settings);
        DefaultCredentialsProvider credentials =
                DefaultCredentialsProvider.builder().build();
        try {
            S3Client client = SdkClients.s3(settings, http, credentials, clock);
            return new S3Store(url.bucket(), client, http, clock, credentials, troubles);
        } catch (SdkException e) {
            credentials.close();
            http.close();
            throw troubles.of(e, StoreRequest.OPEN);
        }
    }

    @Override
    public List<StoredObject> list(String prefix, String after) throws StoreException {
        return ask(
                StoreRequest.LIST,
                () -> client
                        .listObjectsV2(list -> list.bucket(bucket)
                                .prefix(prefix.isEmpty() ? null : prefix)
                                .startAfter(after.isEmpty() ? null : after))
                        .contents()
                        .stream()
                        .map(S3Store::listed)
                        .toList());
    }

    private static StoredObject listed(S3Object each) {
        return new StoredObject(each.key(), each.eTag(), each.size(), each.lastModified());
    }

    @Override
    public InputStream open(StoredObject object, long from) throws StoreException {
        if (from >= object.size()) {
            return InputStream.nullInputStream();
        }
        return new ObjectBytes(ask(
                StoreRequest.GET,
                () -> client.getObject(get -> get.bucket(bucket)
                        .key(object.key())
                        .ifMatch(object.etag())
                        .range(from == 0 ? null : "bytes=" + from + "-"))));
    }

    @Override
    public Optional<StoredObject> find(String key) throws StoreException {
        return head(key).map(head -> new StoredObject(key, head.eTag(), head.contentLength(), head.lastModified()));
    }

    @Override
    public Optional<Map<String, String>> metadata(String key) throws StoreException {
        return head(key).map(HeadObjectResponse::metadata);
    }

    @Override
    public Optional<Retention> retention(String key) throws StoreException {
        return head(key)
                .filter(head -> head.objectLockMode() != null && head.objectLockRetainUntilDate() != null)
                .map(head -> new Retention(
                        head.objectLockMode() == ObjectLockMode.COMPLIANCE, head.objectLockRetainUntilDate()));
    }

    private Optional<HeadObjectResponse> head(String key) throws StoreException {
        try {
            return Optional.of(ask(
                    StoreRequest.HEAD,
                    () -> client.headObject(head -> head.bucket(bucket).key(key))));
        } catch (StoreException e) {
            if (e.kind() == Kind.ABSENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void put(NewObject object) throws StoreException {
        PutObjectRequest.Builder put = PutObjectRequest.builder()
                .bucket(bucket)
                .key(object.key())
                .contentLength(object.size())
                .contentType(object.contentType())
                .checksumSHA256(object.sha256())
                .metadata(object.metadata())
                .ifNoneMatch("*")
                .overrideConfiguration(each ->
                        each.apiCallTimeout(SdkClients.CALL.plusSeconds(object.size() / SLOWEST_BYTES_A_SECOND)));
        object.retention()
                .ifPresent(retention -> put.objectLockMode(
                                retention.compliance() ? ObjectLockMode.COMPLIANCE : ObjectLockMode.GOVERNANCE)
                        .objectLockRetainUntilDate(retention.until()));
        RequestBody body = RequestBody.fromContentProvider(
                () -> {
                    try {
                        return object.content().open();
                    } catch (IOException e) {
                        throw new LocalFileException(e);
                    }
                },
                object.size(),
                object.contentType());
        ask(
                object.retention().isPresent() ? StoreRequest.PUT_LOCKED : StoreRequest.PUT,
                () -> client.putObject(put.build(), body));
    }

    @Override
    public BucketFacts facts() throws StoreException {
        HeadBucketResponse head = ask(StoreRequest.HEAD_BUCKET, () -> client.headBucket(each -> each.bucket(bucket)));
        return new BucketFacts(Optional.ofNullable(head.bucketRegion()), lock());
    }

    private Optional<Lock> lock() throws StoreException {
        return ask(StoreRequest.LOCK, () -> {
            try {
                ObjectLockEnabled enabled = client.getObjectLockConfiguration(each -> each.bucket(bucket))
                        .objectLockConfiguration()
                        .objectLockEnabled();
                return Optional.of(enabled == ObjectLockEnabled.ENABLED ? Lock.ENABLED : Lock.ABSENT);
            } catch (S3Exception e) {
                return switch (S3Troubles.code(e)) {
                    case "ObjectLockConfigurationNotFoundError" -> Optional.of(Lock.ABSENT);
                    case "NotImplemented", "MethodNotAllowed" -> Optional.of(Lock.UNKNOWN_TO_STORE);
                    case "AccessDenied" -> Optional.<Lock>empty();
                    default -> throw e;
                };
            }
        });
    }

    @Override
    public Duration clockAhead() {
        return clock.ahead();
    }

    @Override
    public void close() {
        client.close();
        credentials.close();
        http.close();
    }

    /** A file that could not be opened, through the SDK and out again. */
    static final class LocalFileException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LocalFileException(IOException cause) {
            super(cause);
        }
    }

    @FunctionalInterface
    private interface SdkCall<T> {
        T send();
    }

    private <T> T ask(StoreRequest request, SdkCall<T> call) throws StoreException {
        try {
            return call.send();
        } catch (SdkException | LocalFileException e) {
            throw troubles.of(e, request);
        }
    }

    /** The rest of what is not read to its end is not fetched either. */
    private static final class ObjectBytes extends FilterInputStream {
        private final ResponseInputStream<GetObjectResponse> response;
        private boolean ended;

        ObjectBytes(ResponseInputStream<GetObjectResponse> response) {
            super(response);
            this.response = response;
        }

        @Override
        public int read() throws IOException {
            try {
                int next = super.read();
                ended |= next < 0;
                return next;
            } catch (SdkException e) {
                throw new IOException(e);
            }
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                int read = super.read(into, offset, length);
                ended |= read < 0;
                return read;
            } catch (SdkException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            if (!ended) {
                response.abort();
            }
            super.close();
        }
    }
}
