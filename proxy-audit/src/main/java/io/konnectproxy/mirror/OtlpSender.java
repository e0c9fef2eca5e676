package io.konnectproxy.mirror;

import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.mirror.Transport.DeliveryResult;
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
 * Sends one request at a time with the JDK's HTTP client, and keeps its reply. Waits for the whole reply, for a bounded
 * time. Used by one thread.
 */
final class OtlpSender implements HttpSender {
    /** The statuses after which a client tries again (OTLP specification). */
    private static final Set<Integer> TEMPORARY = Set.of(429, 502, 503, 504);

    private final HttpClient client;
    private final Duration patience;
    private @Nullable HttpSenderConfig configuration;
    private @Nullable Exchange last;

    /** A request's reply, or why there is none. */
    private record Exchange(Optional<HttpResponse<byte[]>> reply, String trouble) {}

    /**
     * Does not connect yet.
     *
     * @param connect time for the TCP connection, without TLS
     * @param patience time for a request and its whole reply
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

    /** Sets the endpoint and headers that the exporter wants in every request. */
    void use(HttpSenderConfig wanted) {
        configuration = wanted;
    }

    @Override
    public void send(
            MessageWriter message,
            Consumer<io.opentelemetry.sdk.common.export.HttpResponse> onResponse,
            Consumer<Throwable> onError) {
        try {
            HttpResponse<byte[]> reply = await(client.sendAsync(request(message), CollectorReply.bounded()));
            last = new Exchange(Optional.of(reply), "");
            onResponse.accept(new CollectorReply(reply));
        } catch (IOException e) {
            last = new Exchange(Optional.empty(), Troubles.of(e));
            onError.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            last = new Exchange(Optional.empty(), "the proxy ended");
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
            // Has no effect on a completed exchange; otherwise it closes the connection.
            exchange.cancel(true);
        }
    }

    /** The result of the last request, which had this many lines. */
    DeliveryResult outcome(int lines) {
        Exchange exchange = last;
        last = null;
        if (exchange == null) {
            return new DeliveryResult.Settled(lines, "they could not be put into a request");
        }
        if (exchange.reply().isEmpty()) {
            return new DeliveryResult.Postponed(exchange.trouble());
        }
        HttpResponse<byte[]> reply = exchange.reply().get();
        int status = reply.statusCode();
        if (TEMPORARY.contains(status)) {
            return new DeliveryResult.Postponed("it answered " + status, CollectorReply.retryAfter(reply));
        }
        if (status < 200 || status > 299) {
            return new DeliveryResult.Settled(lines, "it answered " + status);
        }
        long rejected = PartialSuccess.rejected(reply.body());
        return rejected == 0
                ? DeliveryResult.Settled.ALL
                : new DeliveryResult.Settled((int) Math.min(rejected, lines), "it rejected them");
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
