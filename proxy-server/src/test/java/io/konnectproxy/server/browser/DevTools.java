package io.konnectproxy.server.browser;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The Chrome DevTools Protocol over one WebSocket: commands with their answers, and all events. */
final class DevTools implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long SECONDS = 20;

    private final Map<Integer, CompletableFuture<JsonNode>> commands = new ConcurrentHashMap<>();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final WebSocket socket;

    DevTools(URI endpoint) {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(endpoint, new Receiver())
                .join();
    }

    private final class Receiver implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            message.append(part);
            if (isLast) {
                received(JSON.readTree(message.toString()));
                message.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private void received(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> command =
                    commands.remove(message.get("id").asInt());
            if (command == null) {
                return;
            }
            if (message.has("error")) {
                command.completeExceptionally(
                        new IllegalStateException(message.get("error").toString()));
            } else {
                command.complete(message.get("result"));
            }
        } else {
            events.add(message);
        }
    }

    /** The result of a command; {@code session} is null for the browser itself. */
    JsonNode send(@Nullable String session, String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", JSON.valueToTree(parameters));
        if (session != null) {
            command.put("sessionId", session);
        }
        CompletableFuture<JsonNode> result = new CompletableFuture<>();
        commands.put(id, result);
        socket.sendText(command.toString(), true).join();
        try {
            return result.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + SECONDS + " s to " + command, e);
        } catch (Exception e) {
            throw new IllegalStateException(command.toString(), e);
        }
    }

    /** The events of a session so far, of these methods. */
    List<JsonNode> events(String session, String... methods) {
        return events.stream()
                .filter(event -> session.equals(event.path("sessionId").asString("")))
                .filter(event -> List.of(methods).contains(event.get("method").asString()))
                .map(event -> event.get("params"))
                .toList();
    }

    @Override
    public void close() {
        socket.abort();
    }
}
