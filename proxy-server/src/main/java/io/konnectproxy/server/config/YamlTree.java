package io.konnectproxy.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads the part of YAML that a configuration needs: one document of mappings, lists and single values. What makes one
 * text mean two things to two readers (duplicate keys, anchors, tags) is refused. One instance a text.
 */
final class YamlTree {
    private static final YAMLFactory YAML = YAMLFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(16).build())
            .build();

    private static final Pattern USER_AT_HOST = Pattern.compile("[^\\s]@");
    private static final Pattern TAG_HANDLE = Pattern.compile("tag handle .*", Pattern.DOTALL);

    private final String source;
    private final Problems problems;
    private final YAMLParser parser;
    private final boolean numbered;
    private final String text;

    private YamlTree(String source, String text, boolean numbered, Problems problems) {
        this.numbered = numbered;
        this.source = source;
        this.text = text;
        this.problems = problems;
        this.parser = (YAMLParser) YAML.createParser(ObjectReadContext.empty(), text);
    }

    /**
     * The tree of a text, empty where there is none to speak of; everything that is wrong is in {@code problems} then.
     *
     * @param source how problems name the text
     */
    static Optional<Node> read(String source, String text, Problems problems) {
        return new YamlTree(source, text, true, problems).read();
    }

    /** The same for an environment variable, whose lines say nothing. */
    static Optional<Node> readVariable(String name, String text, Problems problems) {
        return new YamlTree(name, text, false, problems).read();
    }

    private Optional<Node> read() {
        try (parser) {
            return document();
        } catch (JacksonException e) {
            explain(e);
            return Optional.empty();
        }
    }

    private Optional<Node> document() {
        if (parser.nextToken() == null) {
            return Optional.of(new Node.Empty(at(1)));
        }
        Node root = value();
        if (parser.nextToken() != null) {
            problems.add(here(), "", "a second document begins; there may be one only, so take out the '---'");
        }
        return Optional.of(root);
    }

    /** The value whose first token is the current one; afterwards its last token is. */
    private Node value() {
        SourceLocation place = here();
        refuseIndirection(place);
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return mapping(place);
        }
        if (token == JsonToken.START_ARRAY) {
            List<Node> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value());
            }
            return new Node.Sequence(place, items);
        }
        String text = parser.getString();
        return token == JsonToken.VALUE_NULL
                ? new Node.Empty(place, text != null && !text.isEmpty())
                : new Node.Scalar(place, text);
    }

    private Node mapping(SourceLocation place) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        List<Node.Entry> repeated = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            SourceLocation keyPlace = here();
            refuseIndirection(keyPlace);
            String key = parser.currentName();
            parser.nextToken();
            Node.Entry entry = new Node.Entry(key, keyPlace, value());
            if (entries.putIfAbsent(key, entry) != null) {
                repeated.add(entry);
            }
        }
        return new Node.Mapping(place, List.copyOf(entries.values()), repeated);
    }

    /** Jackson hides the anchors of single values; without aliases they mean nothing. */
    private void refuseIndirection(SourceLocation place) {
        if (parser.isCurrentAlias()) {
            problems.add(place, "", "an alias (*name) stands here; write the value itself");
        } else if (parser.getObjectId() != null) {
            problems.add(place, "", "an anchor (&name) stands here; write each value where it belongs");
        } else if (parser.getRawTag() != null) {
            problems.add(place, "", "a tag (!name) stands here; leave it out");
        }
    }

    private SourceLocation here() {
        TokenStreamLocation location = parser.currentTokenLocation();
        return at(location == null ? 1 : location.getLineNr());
    }

    private SourceLocation at(int line) {
        return numbered ? new SourceLocation(source, Math.max(line, 1)) : SourceLocation.variable(source);
    }

    private void explain(JacksonException e) {
        if (e instanceof StreamConstraintsException) {
            problems.add(here(), "", "this is nested too deeply");
            return;
        }
        // Jackson's own place is where the last token was; the engine below it knows where it stumbled.
        MarkedYamlEngineException stumble = e.getCause() instanceof MarkedYamlEngineException cause ? cause : null;
        SourceLocation place = stumble == null
                ? here()
                : stumble.getProblemMark().map(mark -> at(mark.getLine() + 1)).orElseGet(this::here);
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

    /** The engine's words now and then have some of the text in them, which may be some of a password. */
    private static String words(MarkedYamlEngineException stumble, String line) {
        return line.contains("://") || USER_AT_HOST.matcher(line).find()
                ? "see to its quotes and brackets; nothing of it is shown, for a password may stand in it"
                : TAG_HANDLE.matcher(stumble.getProblem()).replaceFirst("tag handle");
    }
}
