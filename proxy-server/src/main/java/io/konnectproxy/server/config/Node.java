package io.konnectproxy.server.config;

import java.util.List;
import java.util.Optional;

/** A value as written, before anything is made of it. */
sealed interface Node {
    SourceLocation place();

    /** What it is, for the sentence that says what it should have been. */
    String kind();

    /**
     * {@code key: null}, or nothing behind the colon.
     *
     * @param written whether somebody wrote that there is nothing; a template whose value is missing writes nothing
     */
    record Empty(SourceLocation place, boolean written) implements Node {
        Empty(SourceLocation place) {
            this(place, false);
        }

        @Override
        public String kind() {
            return "nothing";
        }
    }

    /** A single value; the text is exactly what was written, whatever YAML would take it for. */
    record Scalar(SourceLocation place, String text) implements Node {
        @Override
        public String kind() {
            return "a single value";
        }
    }

    /** A list. */
    record Sequence(SourceLocation place, List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /**
     * Keys and values.
     *
     * @param entries no key stands twice
     * @param repeated the keys that stood there already
     */
    record Mapping(SourceLocation place, List<Entry> entries, List<Entry> repeated) implements Node {
        public Mapping {
            entries = List.copyOf(entries);
            repeated = List.copyOf(repeated);
        }

        Mapping(SourceLocation place, List<Entry> entries) {
            this(place, entries, List.of());
        }

        Optional<Node> get(String key) {
            return entries.stream()
                    .filter(entry -> entry.key().equals(key))
                    .map(Entry::value)
                    .findFirst();
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** One key of a mapping; {@code place} is the key's. */
    record Entry(String key, SourceLocation place, Node value) {}
}
