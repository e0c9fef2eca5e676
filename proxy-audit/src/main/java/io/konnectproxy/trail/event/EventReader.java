package io.konnectproxy.trail.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads what a line says. Tolerates events and fields that a later version of the program writes, but nothing that could be
 * read in two ways.
 */
public final class EventReader {
    /** The {@code v} of the lines that are understood. */
    private static final int VERSION = 1;

    private static final JsonFactory JSON = new JsonFactory();

    private final Consumer<String> unfamiliar;

    /** @param unfamiliar is told each field that is not known, {@code tunnel.upstream.color} */
    public EventReader(Consumer<String> unfamiliar) {
        this.unfamiliar = unfamiliar;
    }

    /** For those who don't ask what fields there are besides. */
    public EventReader() {
        this(field -> {});
    }

    /**
     * A line.
     *
     * @param seq its number in the trail
     * @param word the name of its event
     */
    public record EventLine(long seq, String word, TrailEvent event) {}

    /**
     * Reads a line.
     *
     * @param end behind its last byte, which is not the line feed
     */
    public EventLine read(byte[] bytes, int from, int end) throws UnreadableLineException {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes, from, end - from)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new UnreadableLineException("it is not one JSON object");
            }
            EventLine line = read(json);
            if (json.nextToken() != null) {
                throw new UnreadableLineException("it has more behind its JSON object");
            }
            return line;
        } catch (JacksonException e) {
            throw new UnreadableLineException("it is not JSON");
        }
    }

    /**
     * Reads a line as text.
     *
     * @param line without its line feed
     */
    public EventLine read(String line) throws UnreadableLineException {
        byte[] bytes = line.getBytes(ISO_8859_1);
        return read(bytes, 0, bytes.length);
    }

    private EventLine read(JsonParser json) throws UnreadableLineException {
        Members members = new Members(json, unfamiliar);
        // Every line begins with the same four members in the same order.
        members.header("v");
        long version = members.count();
        if (version != VERSION) {
            throw new UnreadableLineException(
                    "it is of version " + version + ", and version " + VERSION + " is what this program understands");
        }
        members.header("seq");
        long seq = members.count();
        members.header("time");
        long time = members.time();
        members.header("event");
        String event = members.text();
        EventFields fields = fields(event, members);
        members.rest(event, name -> isSeal(name) ? members.skip() : fields.take(name));
        return new EventLine(seq, event, fields.event(time));
    }

    private static EventFields fields(String event, Members members) {
        if (event.equals("decision")) {
            return new DecisionFields(members);
        }
        if (event.equals("refusals")) {
            return new RefusalsFields(members);
        }
        if (event.equals("tunnel")) {
            return new TunnelFields(members);
        }
        if (event.equals("configuration")) {
            return new PolicyFields(members);
        }
        return LossFields.knows(event) ? new LossFields(event, members) : new PlainFields(event, members);
    }

    /** What binds the lines to each other is for those who verify. */
    private static boolean isSeal(String name) {
        return name.equals("prev") || name.equals("hash") || name.equals("signature");
    }
}
