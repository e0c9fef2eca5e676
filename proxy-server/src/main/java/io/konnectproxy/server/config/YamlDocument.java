package io.konnectproxy.server.config;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads the part of YAML that a configuration needs: one document of mappings, lists and single values. The engine composes
 * the nodes; {@link PlainEvents} rejects what YAML parsers interpret differently. One instance a text.
 */
final class YamlDocument {
    /** The start of the text; without lines for a variable. */
    private final SourceLocation beginning;

    private final String text;
    private final Problems problems;
    private final LoadSettings settings;
    private final PlainEvents events;

    private YamlDocument(SourceLocation beginning, String text, Problems problems) {
        this.beginning = beginning;
        this.text = text;
        this.problems = problems;
        this.settings = LoadSettings.builder().build();
        this.events = new PlainEvents(settings, text, beginning, problems);
    }

    /**
     * Reads the document of a text; empty if it cannot be read. Problems are added to {@code problems}.
     *
     * @param source how problems name the text
     */
    static Optional<YamlValue> read(String source, String text, Problems problems) {
        return new YamlDocument(new SourceLocation(source, 1), text, problems).read();
    }

    /** The same for an environment variable; locations have no lines. */
    static Optional<YamlValue> readVariable(String name, String text, Problems problems) {
        return new YamlDocument(SourceLocation.variable(name), text, problems).read();
    }

    private Optional<YamlValue> read() {
        List<YamlTrouble> indents = YamlTrouble.ofIndents(text);
        if (!indents.isEmpty()) {
            indents.forEach(this::add);
            return Optional.empty();
        }
        try {
            return Optional.of(document(new PlainKeys()));
        } catch (PlainEvents.TooDeepException e) {
            problems.add(events.place(), "", "this is nested too deeply");
        } catch (RuntimeException e) {
            // The engine throws others than its own exceptions: NumberFormatException for a truncated escape at the
            // end.
            add(YamlTrouble.of(text, e, events.place().line()));
        }
        return Optional.empty();
    }

    /**
     * Rejects keys that are not scalars before they are composed. The engine does so after it, with a location behind them.
     */
    private final class PlainKeys extends Composer {
        PlainKeys() {
            super(settings, events);
        }

        @Override
        protected Node composeKeyNode(MappingNode mapping) {
            if (!(events.peekEvent() instanceof ScalarEvent key)) {
                throw new YamlEngineException("a key is not a scalar");
            }
            if (key.getAnchor().isPresent()) {
                events.refuseAnchor();
            }
            return super.composeKeyNode(mapping);
        }
    }

    private YamlValue document(Composer composer) {
        if (!composer.hasNext()) {
            return YamlValue.nothing(beginning);
        }
        Node root = composer.next();
        if (composer.hasNext()) {
            events.next();
            events.peekEvent();
            problems.add(events.place(), "", "a second document begins; there may be one only, so take out the '---'");
        }
        return YamlValue.of(root, beginning);
    }

    private void add(YamlTrouble trouble) {
        boolean variable = beginning.line() == 0;
        // A variable is one line, and has no numbers in an editor.
        problems.add(
                variable ? beginning : new SourceLocation(beginning.source(), trouble.line()),
                variable && trouble.column() > 0 ? "character " + trouble.column() : "",
                trouble.sentence());
    }
}
