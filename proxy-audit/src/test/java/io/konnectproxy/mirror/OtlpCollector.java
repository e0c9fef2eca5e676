package io.konnectproxy.mirror;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A collector that reads OpenTelemetry's protobuf over HTTP, with configurable answers. */
final class OtlpCollector implements AutoCloseable {
    /**
     * One answer.
     *
     * @param rejected how many records a 200 says were not wanted
     */
    record Reply(int status, Map<String, String> headers, long rejected) {
        static Reply status(int status) {
            return new Reply(status, Map.of(), 0);
        }
    }

    /** For the next requests, one each; then all is well. */
    final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    /** What was taken. */
    final List<ExportLogsServiceRequest> requests = new CopyOnWriteArrayList<>();
    /** Of every request, whatever became of it. */
    final List<Long> arrivals = new CopyOnWriteArrayList<>();

    final List<String> faults = new CopyOnWriteArrayList<>();
    volatile CountDownLatch answering = new CountDownLatch(0);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "otlp-collector");
        thread.setDaemon(true);
        return thread;
    });

    private OtlpCollector(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static OtlpCollector plain() throws IOException {
        return at(0);
    }

    static OtlpCollector at(int port) throws IOException {
        return new OtlpCollector(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5));
    }

    static OtlpCollector tls(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new OtlpCollector(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    Stream<LogRecord> records() {
        return requests.stream()
                .flatMap(request -> request.getResourceLogsList().stream())
                .flatMap(resource -> resource.getScopeLogsList().stream())
                .flatMap(scope -> scope.getLogRecordsList().stream());
    }

    List<String> bodies() {
        return records().map(record -> record.getBody().getStringValue()).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        arrivals.add(System.nanoTime());
        try (exchange) {
            ExportLogsServiceRequest request =
                    ExportLogsServiceRequest.parseFrom(exchange.getRequestBody().readAllBytes());
            check(exchange);
            answering.await();
            Reply reply = replies.poll();
            if (reply == null) {
                reply = Reply.status(200);
            }
            reply.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            if (reply.status() == 200) {
                requests.add(request);
            }
            answer(exchange, reply);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(HttpExchange exchange) {
        String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Content-Type");
        if (!asked.equals("POST /v1/logs application/x-protobuf")) {
            faults.add(asked);
        }
    }

    private static void answer(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.rejected() == 0
                ? new byte[0]
                : ExportLogsServiceResponse.newBuilder()
                        .setPartialSuccess(ExportLogsPartialSuccess.newBuilder()
                                .setRejectedLogRecords(reply.rejected())
                                .setErrorMessage("too old"))
                        .build()
                        .toByteArray();
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        answering.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
