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
 * A value as written, before anything is made of it.
 *
 * @param node what the engine composed, or what stands for the text of a variable
 * @param place where the node begins; a node of a variable stands where the variable does
 */
record YamlValue(Node node, SourceLocation place) {
    /** One key of a mapping; {@code place} is the key's. */
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

    static YamlValue withoutKeys(SourceLocation place) {
        return new YamlValue(new MappingNode(Tag.MAP, List.of(), FlowStyle.FLOW), place);
    }

    /** A mapping of this one value. */
    YamlValue under(String key) {
        NodeTuple entry = new NodeTuple(text(key, place).node, node);
        return new YamlValue(new MappingNode(Tag.MAP, List.of(entry), FlowStyle.FLOW), place);
    }

    /** {@code key: null}, or nothing behind the colon. */
    boolean isNothing() {
        return node.getTag().equals(Tag.NULL);
    }

    /** Nothing that nobody wrote: a template whose value is missing leaves that behind. */
    boolean isLeftOut() {
        return isNothing()
                && node instanceof ScalarNode scalar
                && scalar.getValue().isEmpty();
    }

    /** A single value; the text is exactly what was written, whatever YAML would take it for. */
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

    /** What it is, for the sentence that says what it should have been. */
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
