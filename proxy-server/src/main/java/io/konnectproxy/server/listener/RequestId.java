package io.konnectproxy.server.listener;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Ids of requests: a random part for each start of the proxy, and a number. They are unique, but not secret. */
final class RequestId {
    private static final String START = HexFormat.of().toHexDigits(new SecureRandom().nextLong(), 10);
    private static final AtomicLong NEXT = new AtomicLong();

    private RequestId() {}

    static String next() {
        return START + "-" + NEXT.incrementAndGet();
    }
}
