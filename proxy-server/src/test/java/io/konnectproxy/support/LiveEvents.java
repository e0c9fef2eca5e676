package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A viewer of the live page, who reads its events as a browser does. */
public final class LiveEvents implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Socket socket;
    private final BufferedReader in;
    private final List<String> head = new ArrayList<>();

    /** @param fields more fields of the request, each with its line end */
    public LiveEvents(InetSocketAddress admin, String query, String fields) throws IOException {
        this.socket = new Socket(admin.getAddress(), admin.getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET /live" + query + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + fields + "\r\n")
                        .getBytes(ISO_8859_1));
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.add(line);
        }
    }

    public LiveEvents(InetSocketAddress admin) throws IOException {
        this(admin, "", "");
    }

    public List<String> head() {
        return head;
    }

    /** The next event with this name. Every line before it must be of the form of events. */
    public JsonNode next(String name) throws IOException {
        JsonNode found = nextOrEnd(name);
        assertThat(found).as("event " + name).isNotNull();
        return found;
    }

    private @Nullable JsonNode nextOrEnd(String name) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            assertThat(line).matches("|retry: 2000|event: (state|decisions)|data: [ -~]*");
            if (line.equals("event: " + name)) {
                String data = in.readLine();
                return data == null ? null : JSON.readTree(data.substring("data: ".length()));
            }
        }
        return null;
    }

    /** The next state of which this holds. */
    public JsonNode awaitState(Predicate<JsonNode> holds) throws IOException {
        JsonNode last = next("state");
        for (int i = 0; i < 20 && !holds.test(last); i++) {
            last = next("state");
        }
        assertThat(holds).as(last.toPrettyString()).accepts(last);
        return last;
    }

    /** Whether the stream ends, whatever comes until then. */
    public boolean ends() throws IOException {
        try {
            while (nextOrEnd("state") != null) {
                // One event more.
            }
            return true;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
