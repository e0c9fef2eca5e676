package io.konnectproxy.archive.s3;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Compares this machine's clock with the store's, by the Date of each answer. Any thread. */
final class StoreClock implements ExecutionInterceptor {
    private volatile Duration ahead = Duration.ZERO;

    /** Negative where this machine is behind. */
    Duration ahead() {
        return ahead;
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        context.httpResponse().firstMatchingHeader("Date").ifPresent(date -> {
            try {
                ahead = Duration.between(
                        DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from), Instant.now());
            } catch (DateTimeException e) {
                // A store that says no time has none to compare with.
            }
        });
    }
}
