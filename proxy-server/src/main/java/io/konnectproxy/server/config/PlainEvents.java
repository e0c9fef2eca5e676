package io.konnectproxy.server.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ImplicitTuple;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Filters the events of a YAML text: aliases, anchors and tags become problems, and nesting is limited to
 * {@value #MAX_DEPTH}. It sits between the engine's parser and its composer, which recurses and follows aliases.
 */
final class PlainEvents implements Parser {
    static final int MAX_DEPTH = 16;

    private final Parser parser;
    private final SourceLocation beginning;
    private final Problems problems;
    private @Nullable Event next;
    private SourceLocation place;
    private int depth;

    /** Thrown before a collection that is nested too deeply is composed. */
    static final class TooDeepException extends YamlEngineException {
        private static final long serialVersionUID = 1;

        private TooDeepException() {
            super("nested too deeply");
        }
    }

    /** @param beginning start of the text; locations have lines if it has one */
    PlainEvents(LoadSettings settings, String text, SourceLocation beginning, Problems problems) {
        this.parser = new ParserImpl(settings, new StreamReader(settings, text));
        this.beginning = beginning;
        this.problems = problems;
        this.place = beginning;
    }

    /** The start of the last event that was peeked. */
    SourceLocation place() {
        return place;
    }

    @Override
    public boolean checkEvent(Event.ID kind) {
        return peekEvent().getEventId() == kind;
    }

    @Override
    public Event peekEvent() {
        if (next == null) {
            next = plain(parser.next());
        }
        return next;
    }

    @Override
    public boolean hasNext() {
        return next != null || parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = peekEvent();
        next = null;
        return event;
    }

    private Event plain(Event event) {
        place = event.getStartMark().map(beginning::at).orElse(beginning);
        if (event instanceof AliasEvent alias) {
            problems.add(place, "", "an alias (*name) stands here; write the value itself");
            return text(alias);
        }
        if (event instanceof ScalarEvent scalar) {
            // An anchor of a scalar has no effect without an alias, which is a problem already.
            refuseTag(scalar.getTag());
        } else if (event instanceof CollectionStartEvent start) {
            refuseIndirection(start);
            if (++depth > MAX_DEPTH) {
                throw new TooDeepException();
            }
        } else if (event instanceof CollectionEndEvent) {
            depth--;
        }
        return event;
    }

    private void refuseIndirection(CollectionStartEvent start) {
        if (start.getAnchor().isPresent()) {
            refuseAnchor();
        } else {
            refuseTag(start.getTag());
        }
    }

    /** Reports an anchor of the last event that was peeked. */
    void refuseAnchor() {
        problems.add(place, "", "an anchor (&name) stands here; write each value where it belongs");
    }

    private void refuseTag(Optional<String> tag) {
        if (tag.isPresent()) {
            problems.add(place, "", "a tag (!name) stands here; leave it out");
        }
    }

    /** Replaces an alias, so that the rest is read and its problems are found too. */
    private static ScalarEvent text(AliasEvent alias) {
        return new ScalarEvent(
                Optional.empty(),
                Optional.empty(),
                new ImplicitTuple(false, true),
                alias.getAlias().getValue(),
                ScalarStyle.SINGLE_QUOTED,
                alias.getStartMark(),
                alias.getEndMark());
    }
}
