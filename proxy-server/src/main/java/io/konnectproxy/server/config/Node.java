package io.konnectproxy.server.config;

import java.util.List;
import java.util.Optional;

/** A value as written, before anything is made of it. */
sealed interface Node {
    Place place();

    /** What it is, for the sentence that says what it should have been. */
    String kind();

    /** {@code key: null}, or nothing behind the colon. */
    record Empty(Place place) implements Node {
        @Override
        public String kind() {
            return "nothing";
        }
    }

    /** A single value; the text is exactly what was written, whatever YAML would take it for. */
    record Scalar(Place place, String text) implements Node {
        @Override
        public String kind() {
            return "a single value";
        }
    }

    /** A list. */
    record Sequence(Place place, List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys and values; no key stands twice. */
    record Mapping(Place place, List<Entry> entries) implements Node {
        public Mapping {
            entries = List.copyOf(entries);
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
    record Entry(String key, Place place, Node value) {}
}
