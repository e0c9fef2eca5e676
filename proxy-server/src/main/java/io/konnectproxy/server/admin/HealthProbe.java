package io.konnectproxy.server.admin;

import io.konnectproxy.server.socket.NetworkFamilies;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Queries the readiness of a running proxy from another process. Blocks, with a timeout and a bound on the response. */
public final class HealthProbe {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_ANSWER = 4096;

    private HealthProbe() {}

    /**
     * The result of a probe.
     *
     * @param sentence one line for the operator, without control characters
     * @param isAnswered whether anything listens there
     */
    public record Health(boolean ready, String sentence, boolean isAnswered) {
        Health(boolean ready, String sentence) {
            this(ready, sentence, true);
        }
    }

    /**
     * Sends one probe.
     *
     * @param admin the configured address; a wildcard address is replaced by the loopback address of its family, or by that of
     *     IPv4 where there is no other
     */
    public static Health ask(InetSocketAddress admin) {
        return ask(admin, TIMEOUT);
    }

    /** The timeout is that of the whole probe: whoever has taken the port may answer a byte at a time. */
    static Health ask(InetSocketAddress admin, Duration timeout) {
        String place = authority(admin);
        return CompletableFuture.supplyAsync(() -> ask(place, timeout), HealthProbe::start)
                .completeOnTimeout(late(place, timeout), timeout.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private static void start(Runnable probe) {
        Thread thread = new Thread(probe, "health-probe");
        thread.setDaemon(true);
        thread.start();
    }

    private static Health late(String place, Duration timeout) {
        return new Health(false, "No answer from " + place + " within " + timeout.toSeconds() + " s.");
    }

    private static Health ask(String place, Duration timeout) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + place + "/readyz").toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            connection.setInstanceFollowRedirects(false);
            connection.setRequestProperty("Connection", "close");
            try {
                return answer(place, connection);
            } finally {
                connection.disconnect();
            }
        } catch (SocketTimeoutException e) {
            return late(place, timeout);
        } catch (ConnectException e) {
            return new Health(
                    false,
                    "Nothing listens on " + place + ": the proxy is not running, or admin.address differs.",
                    false);
        } catch (IOException e) {
            return new Health(false, "No usable answer from " + place + ".");
        }
    }

    private static Health answer(String place, HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) {
            return new Health(true, "Ready.");
        }
        if (status < 0) {
            throw new IOException("response is not HTTP");
        }
        if (status != HttpURLConnection.HTTP_UNAVAILABLE) {
            return new Health(false, place + " answers, but not as this proxy does (status " + status + ").");
        }
        return new Health(false, "Not ready: " + reasons(connection));
    }

    private static String reasons(HttpURLConnection connection) throws IOException {
        try (InputStream body = connection.getErrorStream()) {
            String text = body == null ? "" : new String(body.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
            // After an empty line comes what is in force.
            String line = text.split("\n\n", 2)[0].strip().replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ");
            return line.isEmpty() ? "no reason given." : line;
        }
    }

    /** Does not use Netty, whose classes take longer to load than the whole probe. */
    private static String authority(InetSocketAddress admin) {
        InetAddress address = admin.getAddress();
        boolean v6 = address instanceof Inet6Address && (!address.isAnyLocalAddress() || NetworkFamilies.hasIpv6());
        String host = address.isAnyLocalAddress() ? (v6 ? "::1" : "127.0.0.1") : address.getHostAddress();
        return (v6 ? "[" + host + "]" : host) + ":" + admin.getPort();
    }
}
