package io.konnectproxy.mirror;

import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.mirror.Carrier.Outcome;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request after the other with the JDK's HTTP client, and keeps what came of it in words of ours. Waits for the
 * whole answer, but no longer than its time. One thread.
 */
final class OtlpSender implements HttpSender {
    /** For which the OTLP specification wants another attempt. */
    private static final Set<Integer> TEMPORARY = Set.of(429, 502, 503, 504);

    private final HttpClient client;
    private final Duration patience;
    private @Nullable HttpSenderConfig configuration;
    private @Nullable Attempt last;

    /** What came of a request: an answer, or none. */
    private record Attempt(Optional<HttpResponse<byte[]>> answer, String trouble) {}

    /**
     * Connects to nobody yet.
     *
     * @param connect time for a connection, its TLS apart
     * @param patience for the whole of a request and its answer
     */
    OtlpSender(Optional<TrustedCertificates> trust, Duration connect, Duration patience) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connect);
        if (trust.isPresent()) {
            try {
                builder.sslContext(trust.get().clientContext());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java has no TLS", e);
            }
        }
        this.client = builder.build();
        this.patience = patience;
    }

    /** Takes over what the exporter wants of every request. */
    void use(HttpSenderConfig wanted) {
        configuration = wanted;
    }

    @Override
    public void send(
            MessageWriter message,
            Consumer<io.opentelemetry.sdk.common.export.HttpResponse> onResponse,
            Consumer<Throwable> onError) {
        try {
            HttpResponse<byte[]> answer = await(client.sendAsync(request(message), Answer.bounded()));
            last = new Attempt(Optional.of(answer), "");
            onResponse.accept(new Answer(answer));
        } catch (IOException e) {
            last = new Attempt(Optional.empty(), Troubles.of(e));
            onError.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            last = new Attempt(Optional.empty(), "the proxy ended");
            onError.accept(e);
        }
    }

    private HttpRequest request(MessageWriter message) throws IOException {
        HttpSenderConfig wanted = Objects.requireNonNull(configuration);
        ByteArrayOutputStream body = new ByteArrayOutputStream(message.getContentLength());
        message.writeMessage(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(wanted.getEndpoint())
                .setHeader("Content-Type", wanted.getContentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()));
        wanted.getHeadersSupplier()
                .get()
                .forEach((name, values) -> values.forEach(value -> request.setHeader(name, value)));
        return request.build();
    }

    private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> exchange)
            throws IOException, InterruptedException {
        try {
            return exchange.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(e);
        } finally {
            // Nothing to an exchange that is over; otherwise its connection is closed.
            exchange.cancel(true);
        }
    }

    /** What came of the request that was sent last, which had that many lines. */
    Outcome outcome(int lines) {
        Attempt attempt = last;
        last = null;
        if (attempt == null) {
            return new Outcome.Settled(lines, "they could not be put into a request");
        }
        if (attempt.answer().isEmpty()) {
            return new Outcome.Failed(attempt.trouble());
        }
        HttpResponse<byte[]> answer = attempt.answer().get();
        int status = answer.statusCode();
        if (TEMPORARY.contains(status)) {
            return new Outcome.Failed("it answered " + status, Answer.retryAfter(answer));
        }
        if (status < 200 || status > 299) {
            return new Outcome.Settled(lines, "it answered " + status);
        }
        long rejected = PartialSuccess.rejected(answer.body());
        return rejected == 0
                ? Outcome.Settled.ALL
                : new Outcome.Settled((int) Math.min(rejected, lines), "it rejected them");
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
