package io.konnectproxy.archive.s3;

import io.konnectproxy.archive.S3Settings;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.archive.StoreException.Kind;
import io.konnectproxy.mirror.Troubles;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * What a failure of the SDK means for the operator, in one of a fixed set of phrases. Text of a store gets into them only where it
 * has the form of what it must be: a code, a region.
 */
final class S3Troubles {
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9.]{1,64}");
    /** In the message of AuthorizationHeaderMalformed: "the region 'us-east-1' is wrong; expecting 'eu-west-1'". */
    private static final Pattern EXPECTED_REGION = Pattern.compile("expecting '([a-z0-9-]{1,40})'");

    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");

    private final String bucket;
    private final S3Settings settings;
    private final StoreClock clock;

    S3Troubles(String bucket, S3Settings settings, StoreClock clock) {
        this.bucket = bucket;
        this.settings = settings;
        this.clock = clock;
    }

    /** The store's code for an error; empty where there is none. */
    static String code(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code != null && CODE.matcher(code).matches() ? code : "";
    }

    StoreException of(RuntimeException e, StoreRequest request) {
        if (e instanceof AwsServiceException answered) {
            return answered(answered, request);
        }
        if (e instanceof S3Store.LocalFileException || e.getCause() instanceof S3Store.LocalFileException) {
            return new StoreException(Kind.TROUBLE, "the file could not be read", e);
        }
        return new StoreException(kind(e), unanswered(e), e);
    }

    private StoreException answered(AwsServiceException e, StoreRequest request) {
        // Not one that S3 answers with: the chain of credentials has asked somebody else.
        if (!e.getClass().getName().startsWith("software.amazon.awssdk.services.s3.")) {
            return new StoreException(
                    Kind.REFUSED, "the service that hands out credentials refused them" + inBrackets(code(e)), e);
        }
        Optional<String> region = expectedRegion(e);
        if (region.isPresent()) {
            return new StoreException(Kind.REFUSED, wrongRegion(region.get()), e);
        }
        return byCode(code(e), e, request);
    }

    private StoreException byCode(String code, AwsServiceException e, StoreRequest request) {
        return switch (code) {
            case "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed" ->
                new StoreException(Kind.REFUSED, "the bucket is in another region; set the region to that one", e);
            case "RequestTimeTooSkewed" ->
                new StoreException(Kind.TROUBLE, "the store refuses the request's time: " + skew(), e);
            case "AccessDenied", "AllAccessDisabled", "AccountProblem" -> denied(e, request);
            case "InvalidAccessKeyId" -> new StoreException(Kind.REFUSED, "the store does not know the access key", e);
            case "SignatureDoesNotMatch" ->
                new StoreException(
                        Kind.REFUSED, "the store refuses the signature: the secret key is not the access key's", e);
            case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
                new StoreException(Kind.REFUSED, "the store says that the credentials have expired (" + code + ")", e);
            case "NoSuchBucket" -> new StoreException(Kind.REFUSED, "there is no bucket " + bucket, e);
            case "NoSuchKey" -> new StoreException(Kind.ABSENT, "there is no such object", e);
            case "PreconditionFailed" -> precondition(e, request);
            case "ConditionalRequestConflict", "OperationAborted" ->
                new StoreException(Kind.TROUBLE, "somebody else writes the same object at this moment", e);
            case "NotImplemented" ->
                new StoreException(
                        Kind.REFUSED,
                        isPut(request)
                                ? "the store does not know a part of the request: If-None-Match, a SHA-256 checksum and, with"
                                        + " 'retain-for', Object Lock are needed"
                                : "the store does not know this request",
                        e);
            case "InvalidRequest", "InvalidArgument", "ObjectLockConfigurationNotFoundError", "InvalidBucketState" ->
                request == StoreRequest.PUT_LOCKED
                        ? new StoreException(
                                Kind.REFUSED,
                                "the store refuses the lock (" + code + "): does bucket " + bucket
                                        + " have Object Lock? It must have it before 'retain-for' is set",
                                e)
                        : new StoreException(Kind.REFUSED, "the store calls the request invalid (" + code + ")", e);
            case "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch" ->
                new StoreException(Kind.TROUBLE, "the bytes did not arrive as they were sent (" + code + ")", e);
            case "SlowDown", "ServiceUnavailable", "RequestLimitExceeded", "Throttling" ->
                new StoreException(Kind.TROUBLE, "the store is busy (" + code + ")", e);
            case "InternalError" ->
                new StoreException(Kind.TROUBLE, "the store has a fault of its own (" + code + ")", e);
            default -> byStatus(code, e, request);
        };
    }

    /** For answers without a body, and codes that only other stores have. */
    private StoreException byStatus(String code, AwsServiceException e, StoreRequest request) {
        int status = e.statusCode();
        return switch (status) {
            case 301, 307 ->
                new StoreException(Kind.REFUSED, "the bucket is in another region; set the region to that one", e);
            case 401, 403 -> denied(e, request);
            case 404 ->
                request == StoreRequest.HEAD || request == StoreRequest.GET
                        ? new StoreException(Kind.ABSENT, "there is no such object", e)
                        : new StoreException(Kind.REFUSED, "there is no bucket " + bucket, e);
            case 409 -> new StoreException(Kind.TROUBLE, "somebody else writes the same object at this moment", e);
            case 412 -> precondition(e, request);
            default ->
                new StoreException(
                        status == 408 || status == 429 || status >= 500 ? Kind.TROUBLE : Kind.REFUSED,
                        "the store answered " + status + inBrackets(code),
                        e);
        };
    }

    private static StoreException precondition(AwsServiceException e, StoreRequest request) {
        return isPut(request)
                ? new StoreException(Kind.TAKEN, "there is an object of this name already", e)
                : new StoreException(Kind.CHANGED, "the object is another one by now", e);
    }

    private static StoreException denied(AwsServiceException e, StoreRequest request) {
        return new StoreException(
                Kind.REFUSED, "access is denied: the credentials need " + request.right() + " on the bucket", e);
    }

    private static boolean isPut(StoreRequest request) {
        return request == StoreRequest.PUT || request == StoreRequest.PUT_LOCKED;
    }

    private String wrongRegion(String right) {
        return "bucket " + bucket + " is in region " + right
                + settings.region().map(wrong -> ", not in " + wrong).orElse("") + "; set the region to " + right;
    }

    /** The bucket's region, where an answer says that it is another one than the request was signed for. */
    private Optional<String> expectedRegion(AwsServiceException e) {
        int status = e.statusCode();
        if (status != 301 && status != 307 && status != 400) {
            return Optional.empty();
        }
        AwsErrorDetails details = e.awsErrorDetails();
        if (details == null) {
            return Optional.empty();
        }
        Optional<String> header = details.sdkHttpResponse() == null
                ? Optional.empty()
                : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
        if (header.filter(region -> REGION.matcher(region).matches()).isPresent()) {
            return header.filter(region -> !settings.region().equals(Optional.of(region)));
        }
        Matcher expected = EXPECTED_REGION.matcher(String.valueOf(details.errorMessage()));
        return expected.find() ? Optional.of(expected.group(1)) : Optional.empty();
    }

    private String skew() {
        Duration ahead = clock.ahead();
        return "this machine's clock is " + ahead.abs().toMinutes() + " minutes "
                + (ahead.isNegative() ? "behind" : "ahead of") + " the store's; set it right";
    }

    private static String inBrackets(String code) {
        return code.isEmpty() ? "" : " (" + code + ")";
    }

    private static Kind kind(RuntimeException e) {
        String said = String.valueOf(e.getMessage());
        return isAboutCredentials(said) || isAboutRegion(said) ? Kind.REFUSED : Kind.TROUBLE;
    }

    private String unanswered(RuntimeException e) {
        String said = String.valueOf(e.getMessage());
        if (isAboutCredentials(said)) {
            return "no credentials were found: give this process a role, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
        }
        if (isAboutRegion(said)) {
            return "no region is known: set the region to the bucket's";
        }
        if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
            return "it did not answer in time";
        }
        if (e instanceof AbortedException) {
            return "the proxy ended";
        }
        @Nullable Integer declined = declinedByProxy(e);
        if (declined != null) {
            return "the parent answered " + declined;
        }
        return Troubles.of(e);
    }

    private static boolean isAboutCredentials(String said) {
        return said.startsWith("Unable to load credentials");
    }

    private static boolean isAboutRegion(String said) {
        return said.startsWith("Unable to load region");
    }

    private static final Pattern REFUSED_TUNNEL =
            Pattern.compile("CONNECT refused by proxy: HTTP/1\\.[01] ([1-5]\\d\\d)\\b");

    /** The status that a proxy answered a CONNECT with. */
    private static @Nullable Integer declinedByProxy(Throwable e) {
        for (@Nullable Throwable each = e; each != null; each = each.getCause()) {
            Matcher refused = REFUSED_TUNNEL.matcher(String.valueOf(each.getMessage()));
            if (refused.find()) {
                return Integer.parseInt(refused.group(1));
            }
        }
        return null;
    }
}
