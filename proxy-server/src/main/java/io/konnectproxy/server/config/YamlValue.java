package io.konnectproxy.server.config;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value as written, before it is parsed.
 *
 * @param node composed by the engine, or made of the text of a variable
 * @param place the start of the node; for a variable, the variable
 */
record YamlValue(Node node, SourceLocation place) {
    private static final Tag UNREADABLE = new Tag("!unreadable");

    /** One key of a mapping; {@code place} is that of the key. */
    record YamlEntry(String key, SourceLocation place, YamlValue value) {}

    static YamlValue of(Node node, SourceLocation enclosing) {
        return new YamlValue(node, node.getStartMark().map(enclosing::at).orElse(enclosing));
    }

    static YamlValue nothing(SourceLocation place) {
        return new YamlValue(new ScalarNode(Tag.NULL, "", ScalarStyle.PLAIN), place);
    }

    static YamlValue text(String text, SourceLocation place) {
        return new YamlValue(new ScalarNode(Tag.STR, text, ScalarStyle.DOUBLE_QUOTED), place);
    }

    static YamlValue list(List<YamlValue> items, SourceLocation place) {
        List<Node> nodes = items.stream().map(YamlValue::node).toList();
        return new YamlValue(new SequenceNode(Tag.SEQ, nodes, FlowStyle.FLOW), place);
    }

    /** In place of a text that could not be read, which is a problem already. */
    static YamlValue unreadable(SourceLocation place) {
        return new YamlValue(new ScalarNode(UNREADABLE, "", ScalarStyle.PLAIN), place);
    }

    boolean isUnreadable() {
        return node.getTag().equals(UNREADABLE);
    }

    /** A list whose single values become mappings with this key; another value stays as it is. */
    YamlValue withItemsUnder(String key) {
        return items().map(items -> list(
                        items.stream()
                                .map(item -> item.text().isPresent() ? item.under(key) : item)
                                .toList(),
                        place))
                .orElse(this);
    }

    static YamlValue withoutKeys(SourceLocation place) {
        return new YamlValue(new MappingNode(Tag.MAP, List.of(), FlowStyle.FLOW), place);
    }

    /** A mapping with this value as its only one. */
    YamlValue under(String key) {
        NodeTuple entry = new NodeTuple(text(key, place).node, node);
        return new YamlValue(new MappingNode(Tag.MAP, List.of(entry), FlowStyle.FLOW), place);
    }

    /** {@code key: null}, or nothing behind the colon. */
    boolean isNothing() {
        return node.getTag().equals(Tag.NULL);
    }

    /** An empty value that is not written as {@code null}: what a template leaves if its variable is missing. */
    boolean isLeftOut() {
        return isNothing()
                && node instanceof ScalarNode scalar
                && scalar.getValue().isEmpty();
    }

    /** The text of a single value exactly as written, regardless of its YAML type. */
    Optional<String> text() {
        return node instanceof ScalarNode scalar && !isNothing() ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    /** The items of a list. */
    Optional<List<YamlValue>> items() {
        return node instanceof SequenceNode sequence
                ? Optional.of(sequence.getValue().stream()
                        .map(item -> of(item, place))
                        .toList())
                : Optional.empty();
    }

    /** The keys of a mapping with their values; a key may stand there more than once. */
    Optional<List<YamlEntry>> entries() {
        return node instanceof MappingNode mapping
                ? Optional.of(mapping.getValue().stream().map(this::entry).toList())
                : Optional.empty();
    }

    private YamlEntry entry(NodeTuple tuple) {
        YamlValue key = of(tuple.getKeyNode(), place);
        return new YamlEntry(((ScalarNode) key.node).getValue(), key.place, of(tuple.getValueNode(), place));
    }

    /** The kind of the value, for a sentence about what was expected. */
    String kind() {
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        return isNothing() ? "nothing" : "a single value";
    }
}
