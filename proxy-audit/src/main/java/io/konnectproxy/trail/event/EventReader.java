package io.konnectproxy.trail.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Parses the fields of a line. Events and fields that a later version of the program writes are tolerated, but nothing
 * ambiguous is.
 */
public final class EventReader {
    /** The newest supported {@code v} of a line. */
    private static final int VERSION = 2;

    private static final JsonFactory JSON = new JsonFactory();

    private final Consumer<String> unfamiliar;

    /** @param unfamiliar receives the name of each unknown field, {@code tunnel.upstream.color} */
    public EventReader(Consumer<String> unfamiliar) {
        this.unfamiliar = unfamiliar;
    }

    /** A reader that ignores unknown fields. */
    public EventReader() {
        this(field -> {});
    }

    /**
     * A parsed line.
     *
     * @param trail the trail that the line is of; empty in a line of version 1
     * @param seq the sequence number of the line
     * @param word the name of the event
     * @param hash the hash of the chain, which nobody here has verified; empty if the line has none
     */
    public record EventLine(Optional<String> trail, long seq, String word, TrailEvent event, Optional<String> hash) {}

    /**
     * Parses a line.
     *
     * @param end the position after its last byte, which is not the line feed
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
     * Parses a line that is given as text.
     *
     * @param line the line without its line feed
     */
    public EventLine read(String line) throws UnreadableLineException {
        byte[] bytes = line.getBytes(ISO_8859_1);
        return read(bytes, 0, bytes.length);
    }

    private EventLine read(JsonParser json) throws UnreadableLineException {
        Members members = new Members(json, unfamiliar);
        // Every line of a version begins with the same members in the same order.
        members.header("v");
        long version = members.count();
        if (version < 1 || version > VERSION) {
            throw new UnreadableLineException("it is of version " + version + ", and versions 1 to " + VERSION
                    + " are what this program understands");
        }
        Optional<String> trail = Optional.empty();
        if (version > 1) {
            members.header("trail");
            trail = Optional.of(members.text());
        }
        members.header("seq");
        long seq = members.count();
        members.header("time");
        long time = members.time();
        members.header("event");
        String event = members.text();
        EventFields fields = fields(event, members);
        ChainFields chain = new ChainFields(members);
        members.rest(event, name -> chain.take(name) || fields.take(name));
        return new EventLine(trail, seq, event, fields.event(time), chain.hash);
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

    /** The fields of the hash chain, which is verified elsewhere. */
    private static final class ChainFields implements Members.Taker {
        private final Members members;
        private Optional<String> hash = Optional.empty();

        ChainFields(Members members) {
            this.members = members;
        }

        @Override
        public boolean take(String name) throws UnreadableLineException {
            switch (name) {
                case "prev", "signature" -> members.skip();
                case "hash" -> hash = Optional.of(members.text());
                default -> {
                    return false;
                }
            }
            return true;
        }
    }
}
