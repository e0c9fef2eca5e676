package io.konnectproxy.trail.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Iterates over the members of a line's objects. An unknown member is reported to {@code unfamiliar} and skipped. */
final class Members {
    private static final int MAX_ITEMS = 100_000;
    private static final long HIGHEST_PORT = 65_535;

    private final JsonParser json;
    private final Consumer<String> unfamiliar;
    private String member = "";

    Members(JsonParser json, Consumer<String> unfamiliar) {
        this.json = json;
        this.unfamiliar = unfamiliar;
    }

    /** Takes the value of a member, at which the parser is. */
    interface Taker {
        /** Takes the value if the name is known. Returns whether the name is known. */
        boolean take(String name) throws UnreadableLineException;
    }

    /** Moves to the value of the next member, which must have this name. */
    void header(String name) throws UnreadableLineException {
        member = name;
        if (!name.equals(json.nextName())) {
            throw new UnreadableLineException("it does not begin with v, trail, seq, time and event");
        }
        json.nextToken();
    }

    /** Takes the remaining members of the parser's current object. */
    void rest(String owner, Taker taker) throws UnreadableLineException {
        MemberNames names = new MemberNames();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            if (!names.add(name)) {
                throw new UnreadableLineException("it has '" + Printable.of(name) + "' twice");
            }
            member = name;
            json.nextToken();
            if (!taker.take(name)) {
                unfamiliar.accept(Printable.of(owner + "." + name));
                json.skipChildren();
            }
        }
        if (json.currentToken() != JsonToken.END_OBJECT) {
            throw new UnreadableLineException("it is not one JSON object");
        }
    }

    /** Takes the members of an object. A null is ignored. */
    void object(String owner, Taker taker) throws UnreadableLineException {
        if (isNull()) {
            return;
        }
        expect(JsonToken.START_OBJECT, "an object");
        rest(owner, taker);
    }

    boolean isNull() {
        return json.currentToken() == JsonToken.VALUE_NULL;
    }

    String text() throws UnreadableLineException {
        expect(JsonToken.VALUE_STRING, "text");
        return Printable.of(json.getString());
    }

    Optional<String> optionalText() throws UnreadableLineException {
        return isNull() ? Optional.empty() : Optional.of(text());
    }

    /** A text as it is in the line, without {@link Printable}. */
    Optional<String> optionalExactText() throws UnreadableLineException {
        if (isNull()) {
            return Optional.empty();
        }
        expect(JsonToken.VALUE_STRING, "text");
        return Optional.of(json.getString());
    }

    long count() throws UnreadableLineException {
        expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
        long count = json.getLongValue();
        if (count < 0) {
            throw wrong("a number from 0 up");
        }
        return count;
    }

    /** A number that is not more than this. */
    long count(long most) throws UnreadableLineException {
        long count = count();
        if (count > most) {
            throw wrong("a number from 0 to " + most);
        }
        return count;
    }

    long port() throws UnreadableLineException {
        return count(HIGHEST_PORT);
    }

    Optional<Long> optionalCount() throws UnreadableLineException {
        return isNull() ? Optional.empty() : Optional.of(count());
    }

    boolean flag() throws UnreadableLineException {
        if (json.currentToken() != JsonToken.VALUE_TRUE && json.currentToken() != JsonToken.VALUE_FALSE) {
            throw wrong("true or false");
        }
        return json.currentToken() == JsonToken.VALUE_TRUE;
    }

    /** Finishes an object, after its last member. */
    interface Finisher {
        void finish() throws UnreadableLineException;
    }

    /** Takes the members of a list of objects. A null is ignored. */
    void objects(String owner, Taker taker, Finisher finisher) throws UnreadableLineException {
        if (isNull()) {
            return;
        }
        expect(JsonToken.START_ARRAY, "a list");
        for (int items = 0; json.nextToken() != JsonToken.END_ARRAY; items++) {
            if (items == MAX_ITEMS) {
                throw wrong("a list of at most " + MAX_ITEMS);
            }
            expect(JsonToken.START_OBJECT, "a list of objects");
            rest(owner, taker);
            finisher.finish();
        }
    }

    /** A list of texts as they are in the line, without {@link Printable}. */
    List<String> texts() throws UnreadableLineException {
        expect(JsonToken.START_ARRAY, "a list");
        List<String> texts = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (texts.size() == MAX_ITEMS) {
                throw wrong("a list of at most " + MAX_ITEMS);
            }
            expect(JsonToken.VALUE_STRING, "text");
            texts.add(json.getString());
        }
        return texts;
    }

    long time() throws UnreadableLineException {
        String text = text();
        try {
            return Micros.parse(text);
        } catch (java.time.DateTimeException e) {
            throw wrong("a time like 2026-11-22T18:00:00.123456Z");
        }
    }

    /** Skips a value that is known but not needed. */
    boolean skip() {
        json.skipChildren();
        return true;
    }

    private void expect(JsonToken token, String what) throws UnreadableLineException {
        if (json.currentToken() != token) {
            throw wrong(what);
        }
    }

    private UnreadableLineException wrong(String what) {
        return new UnreadableLineException("its '" + Printable.of(member) + "' is not " + what);
    }
}
