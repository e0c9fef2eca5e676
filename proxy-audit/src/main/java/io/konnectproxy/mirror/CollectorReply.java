package io.konnectproxy.mirror;

import io.opentelemetry.sdk.common.export.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** A collector's reply in the exporter's interface, and its Retry-After. */
record CollectorReply(java.net.http.HttpResponse<byte[]> reply) implements HttpResponse {
    private static final int MAX_BODY = 64 << 10;

    /** Keeps the first part of a body and discards the rest, so that no reply fills the memory. */
    static BodyHandler<byte[]> bounded() {
        return head -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            return BodySubscribers.mapping(
                    BodySubscribers.ofByteArrayConsumer(part -> part.ifPresent(
                            bytes -> body.write(bytes, 0, Math.min(bytes.length, MAX_BODY - body.size())))),
                    done -> body.toByteArray());
        };
    }

    /** Retry-After in seconds or as a date; empty for any other form. */
    static Optional<Duration> retryAfter(java.net.http.HttpResponse<?> reply) {
        String wish = reply.headers().firstValue("Retry-After").orElse("");
        if (wish.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(wish)));
        }
        try {
            Instant when = ZonedDateTime.parse(wish, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration after = Duration.between(Instant.now(), when);
            return after.isNegative() ? Optional.empty() : Optional.of(after);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public int getStatusCode() {
        return reply.statusCode();
    }

    @Override
    public String getStatusMessage() {
        return "";
    }

    @Override
    public byte[] getResponseBody() {
        return reply.body();
    }
}
