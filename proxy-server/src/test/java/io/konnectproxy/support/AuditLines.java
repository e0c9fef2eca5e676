package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The audit file of a running proxy, read as auditors do. */
public final class AuditLines {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final List<JsonNode> lines = new ArrayList<>();
    private long read;

    public AuditLines(Path file) {
        this.file = file;
    }

    /** All whole lines so far; each is read once. */
    public synchronized List<JsonNode> all() {
        try (RandomAccessFile from = new RandomAccessFile(file.toFile(), "r")) {
            if (from.length() < read) {
                // The file was finished: at a stop, where it is archived.
                return List.copyOf(lines);
            }
            byte[] more = new byte[(int) (from.length() - read)];
            from.seek(read);
            from.readFully(more);
            int begin = 0;
            for (int i = 0; i < more.length; i++) {
                if (more[i] == '\n') {
                    lines.add(valid(new String(more, begin, i - begin, UTF_8)));
                    begin = i + 1;
                }
            }
            read += begin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(lines);
    }

    /** No test ever sees a line that the shipped schema does not describe. */
    private static JsonNode valid(String line) {
        assertThat(AuditSchema.problems(line)).as(line).isEmpty();
        return JSON.readTree(line);
    }

    public List<JsonNode> decisions() {
        return all().stream()
                .filter(line -> text(line, "event").equals("decision"))
                .toList();
    }

    public List<JsonNode> tunnelEnds() {
        return all().stream()
                .filter(line -> text(line, "event").equals("tunnel"))
                .toList();
    }

    /** The line that the test waits for; another process or thread writes it. */
    public JsonNode await(Predicate<JsonNode> wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < end) {
            for (JsonNode line : all()) {
                if (wanted.test(line)) {
                    return line;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        throw new AssertionError("no such audit line in\n" + all());
    }

    public JsonNode decisionOf(String id) {
        JsonNode line =
                await(l -> text(l, "event").equals("decision") && text(l, "id").equals(id));
        assertThat(decisions().stream().filter(l -> text(l, "id").equals(id))).hasSize(1);
        return line;
    }

    public JsonNode endOf(String id) {
        return await(l -> text(l, "event").equals("tunnel") && text(l, "id").equals(id));
    }

    public static String text(JsonNode line, String field) {
        return line.path(field).asString("");
    }
}
