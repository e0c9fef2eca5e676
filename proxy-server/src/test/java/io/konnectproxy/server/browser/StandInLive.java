package io.konnectproxy.server.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.konnectproxy.server.live.LiveDocument;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** Serves the live page under its policy, and the events that a test gives it. A new stream begins with the newest state. */
final class StandInLive implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String END = "";

    private final LiveDocument page = LiveDocument.read();
    private final List<BlockingQueue<String>> streams = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> queries = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int port;
    private HttpServer server;
    private volatile String newest = END;
    private volatile String beginning = END;
    private volatile boolean turnsAway;

    StandInLive() throws IOException {
        server = listening(0);
        port = server.getAddress().getPort();
    }

    private HttpServer listening(int at) throws IOException {
        HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
        listening.createContext("/", this::document);
        listening.createContext("/live", this::stream);
        listening.setExecutor(threads);
        listening.start();
        return listening;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    private void document(HttpExchange exchange) throws IOException {
        byte[] body = page.html();
        boolean isPage = exchange.getRequestURI().getPath().equals("/");
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.getResponseHeaders().set("Content-Security-Policy", page.contentSecurityPolicy());
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.getResponseHeaders().set("Cross-Origin-Resource-Policy", "same-origin");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(isPage ? 200 : 404, isPage ? body.length : -1);
        if (isPage) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void stream(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        if (turnsAway) {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
            return;
        }
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, 0);
        events.add("retry: 200\n\n" + newest + beginning);
        streams.add(events);
        queries.add(query == null ? "" : query);
        try (OutputStream out = exchange.getResponseBody()) {
            for (String event = events.take(); !event.equals(END); event = events.take()) {
                out.write(event.getBytes(UTF_8));
                out.flush();
            }
        } catch (InterruptedException | IOException e) {
            // The tab has left, or the test is over.
        } finally {
            streams.remove(events);
            exchange.close();
        }
    }

    /** What {@code find} and {@code sort} the next stream was asked for with, as they came. */
    String nextQuery() throws InterruptedException {
        String query = queries.poll(10, TimeUnit.SECONDS);
        if (query == null) {
            throw new AssertionError("no stream was asked for");
        }
        return query;
    }

    void state(Fleet fleet) {
        newest = event("state", fleet.state());
        streams.forEach(stream -> stream.add(newest));
    }

    void decisions(int more, List<?> shown) {
        String event = event("decisions", Fleet.object("more", more, "shown", shown));
        streams.forEach(stream -> stream.add(event));
    }

    /** What each new stream begins with. */
    void firstDecisions(List<?> shown) {
        beginning = event("decisions", Fleet.object("more", 0, "shown", shown));
    }

    /** Whether who asks for a stream gets a 503. */
    void turnAway(boolean away) {
        turnsAway = away;
    }

    private static String event(String name, Object data) {
        return "event: " + name + "\ndata: " + JSON.writeValueAsString(data) + "\n\n";
    }

    /** The process is gone: open streams end, and nobody answers. */
    void stop() {
        streams.forEach(stream -> stream.add(END));
        server.stop(0);
        queries.clear();
    }

    void startAgain() {
        try {
            server = listening(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        streams.forEach(stream -> stream.add(END));
        server.stop(0);
        threads.shutdownNow();
    }
}
