package io.konnectproxy.server.config;

import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads the part of YAML that a configuration needs: one document of mappings, lists and single values. The engine composes the
 * nodes; {@link PlainEvents} refuses what makes one text mean two things to two readers. One instance a text.
 */
final class YamlDocument {
    private static final Pattern USER_AT_HOST = Pattern.compile("[^\\s]@");
    private static final Pattern TAG_HANDLE = Pattern.compile("tag handle .*", Pattern.DOTALL);

    /** Where the text begins; without lines where it is a variable. */
    private final SourceLocation beginning;

    private final String text;
    private final Problems problems;
    private final LoadSettings settings;
    private final PlainEvents events;

    private YamlDocument(SourceLocation beginning, String text, Problems problems) {
        this.beginning = beginning;
        this.text = text;
        this.problems = problems;
        this.settings = LoadSettings.builder().setUseMarks(beginning.line() > 0).build();
        this.events = new PlainEvents(settings, text, beginning, problems);
    }

    /**
     * The document of a text, empty where there is none to speak of; everything that is wrong is in {@code problems} then.
     *
     * @param source how problems name the text
     */
    static Optional<YamlValue> read(String source, String text, Problems problems) {
        return new YamlDocument(new SourceLocation(source, 1), text, problems).read();
    }

    /** The same for an environment variable, whose lines say nothing. */
    static Optional<YamlValue> readVariable(String name, String text, Problems problems) {
        return new YamlDocument(SourceLocation.variable(name), text, problems).read();
    }

    private Optional<YamlValue> read() {
        try {
            return Optional.of(document(new PlainKeys()));
        } catch (PlainEvents.TooDeepException e) {
            problems.add(events.place(), "", "this is nested too deeply");
        } catch (RuntimeException e) {
            // Half an escape at the end of the text makes the engine throw NumberFormatException, so nothing is taken
            // for granted.
            explain(e);
        }
        return Optional.empty();
    }

    /** Composes keys that are texts. The engine would refuse others once it has composed them, and name a place behind them. */
    private final class PlainKeys extends Composer {
        PlainKeys() {
            super(settings, events);
        }

        @Override
        protected Node composeKeyNode(MappingNode mapping) {
            if (!(events.peekEvent() instanceof ScalarEvent key)) {
                throw new YamlEngineException("a key that is no text");
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

    private void explain(RuntimeException e) {
        // The engine knows where it stumbled; the last event may be lines before.
        MarkedYamlEngineException stumble = e instanceof MarkedYamlEngineException marked ? marked : null;
        SourceLocation place = stumble == null
                ? events.place()
                : stumble.getProblemMark().map(beginning::at).orElseGet(events::place);
        String line =
                text.lines().skip(Math.max(place.line(), 1) - 1L).findFirst().orElse("");
        if (line.contains("\t")) {
            problems.add(place, "", "this is not YAML: a tab stands in the line; YAML is indented with spaces");
        } else if (stumble == null) {
            problems.add(place, "", "this is not YAML of keys and values");
        } else {
            problems.add(place, "", "this is not YAML: " + words(stumble, line));
        }
    }

    /** The engine's words may have some of the text in them, which may be some of a password. */
    private static String words(MarkedYamlEngineException stumble, String line) {
        return line.contains("://") || USER_AT_HOST.matcher(line).find()
                ? "see to its quotes and brackets; nothing of it is shown, for a password may stand in it"
                : TAG_HANDLE.matcher(stumble.getProblem()).replaceFirst("tag handle");
    }
}
