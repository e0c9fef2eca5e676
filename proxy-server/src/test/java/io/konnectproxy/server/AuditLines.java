package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The audit file of a running proxy, read as auditors do. */
final class AuditLines {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;

    AuditLines(Path file) {
        this.file = file;
    }

    /** Whole lines; one that is being written does not count yet. */
    List<JsonNode> all() throws IOException {
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(JSON::readTree)
                .toList();
    }

    List<JsonNode> decisions() throws IOException {
        return all().stream()
                .filter(line -> text(line, "event").equals("decision"))
                .toList();
    }

    List<JsonNode> tunnelEnds() throws IOException {
        return all().stream()
                .filter(line -> text(line, "event").equals("tunnel"))
                .toList();
    }

    /** The line that the test waits for; another process or thread writes it. */
    JsonNode await(Predicate<JsonNode> wanted) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < end) {
            for (JsonNode line : all()) {
                if (wanted.test(line)) {
                    return line;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        throw new AssertionError("no such audit line in\n" + Files.readString(file));
    }

    JsonNode decisionOf(String id) throws IOException {
        JsonNode line =
                await(l -> text(l, "event").equals("decision") && text(l, "id").equals(id));
        assertThat(decisions().stream().filter(l -> text(l, "id").equals(id))).hasSize(1);
        return line;
    }

    JsonNode endOf(String id) throws IOException {
        return await(l -> text(l, "event").equals("tunnel") && text(l, "id").equals(id));
    }

    static String text(JsonNode line, String field) {
        return line.path(field).asString("");
    }
}
