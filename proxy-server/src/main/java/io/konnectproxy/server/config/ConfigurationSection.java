package io.konnectproxy.server.config;

import io.konnectproxy.keys.Secret;
import io.konnectproxy.server.config.YamlValue.YamlEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A mapping that is read key by key. Each method names a key that may be present. A wrong value becomes a problem and is
 * replaced by the default, so that one pass finds all problems. {@link #close} rejects the keys that no method named: the
 * reading code is the only list of keys.
 */
final class ConfigurationSection implements AutoCloseable {
    private final ReadingContext reading;
    private final String path;
    private final SourceLocation place;
    private final Map<String, YamlEntry> entries = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();
    /** The location of the value of each key that has one. */
    private final Map<String, SourceLocation> places = new HashMap<>();

    private final List<YamlEntry> repeated = new ArrayList<>();

    private final boolean overridable;
    private boolean confidential;
    private final int problemsBefore;
    /** False if the value is not a mapping. That is reported already, so missing keys are not. */
    private final boolean readable;

    /**
     * State that all sections of one pass share. {@code origins} maps each key to the origin of its value; {@code files} are
     * those whose content has become part of the configuration.
     */
    record ReadingContext(Environment environment, Problems problems, Map<String, String> origins, Set<Path> files) {}

    private ConfigurationSection(ReadingContext reading, String path, YamlValue value, boolean overridable) {
        Optional<List<YamlEntry>> found = value.entries();
        this.reading = reading;
        this.path = path;
        this.place = value.place();
        this.overridable = overridable;
        this.readable = found.isPresent();
        this.problemsBefore = reading.problems().count();
        for (YamlEntry entry : found.orElse(List.of())) {
            if (entries.putIfAbsent(entry.key(), entry) != null) {
                repeated.add(entry);
            }
        }
    }

    static ConfigurationSection top(ReadingContext reading, YamlValue root) {
        return of(reading, "", root, true);
    }

    private static ConfigurationSection of(ReadingContext reading, String path, YamlValue value, boolean overridable) {
        return of(reading, path, value, overridable, Optional.empty());
    }

    /** @param shorthand the key that a single value in place of the mapping is probably meant for */
    private static ConfigurationSection of(
            ReadingContext reading, String path, YamlValue value, boolean overridable, Optional<String> shorthand) {
        if (value.entries().isEmpty()) {
            String meant = shorthand
                    .filter(key -> value.text().filter(Meant::isNoFlag).isPresent())
                    .map(key -> "; did you mean " + Meant.under(key, value) + "?")
                    .orElse("");
            reading.problems()
                    .add(
                            value.place(),
                            path,
                            "expected keys and values here, found " + value.kind() + meant + oddness(value)
                                    + Meant.colon(value, path));
        }
        return new ConfigurationSection(reading, path, value, overridable);
    }

    /** A reader for the name of a file whose content becomes part of the configuration. */
    <T> Function<String, T> content(Function<String, T> read) {
        return name -> {
            T content = read.apply(name);
            reading.files().add(Path.of(name));
            return content;
        };
    }

    /** A blank behind a colon or a hyphen that is none makes one value of what should be several. */
    private static String oddness(YamlValue value) {
        return OddCharacter.hint(value.text().orElse(""));
    }

    /** Whether this is a mapping, and no problem was found since it was opened. */
    boolean isSound() {
        return readable && reading.problems().count() == problemsBefore;
    }

    /** The number of problems so far, in all sections. */
    int problems() {
        return reading.problems().count();
    }

    /** Where the section begins. */
    SourceLocation place() {
        return place;
    }

    /** Adds a problem of a key that was read, or of the section itself if {@code key} is empty. */
    void problem(String key, String sentence) {
        reading.problems().add(places.getOrDefault(key, place), key.isEmpty() ? path : path(key), sentence);
    }

    /** The section below a key; without keys if it is missing. */
    ConfigurationSection section(String key) {
        return section(key, Optional.empty());
    }

    /** @param shorthand the key that a single value in place of the section is probably meant for */
    ConfigurationSection section(String key, Optional<String> shorthand) {
        known.add(key);
        YamlEntry entry = entries.get(key);
        if (entry == null) {
            return of(reading, path(key), YamlValue.withoutKeys(place), overridable);
        }
        places.put(key, entry.place());
        return of(reading, path(key), entry.value(), overridable, shorthand);
    }

    /** The section below a key; empty if it is missing. */
    Optional<ConfigurationSection> optionalSection(String key) {
        return entries.containsKey(key) ? Optional.of(section(key)) : nothing(key);
    }

    private Optional<ConfigurationSection> nothing(String key) {
        known.add(key);
        return Optional.empty();
    }

    /** From now on problems do not show unknown keys, since one may be part of a password. */
    void confidential() {
        confidential = true;
    }

    /** @param parser throws IllegalArgumentException with the rest of a sentence that begins with the value */
    <T> T value(String key, T fallback, Function<String, T> parser) {
        return find(key).map(node -> scalar(key, node, parser).orElse(fallback)).orElse(fallback);
    }

    /** A value without a default; a problem if it is missing. */
    <T> Optional<T> required(String key, Function<String, T> parser) {
        Optional<YamlValue> node = find(key);
        if (node.isEmpty() && readable) {
            problem("", "key '" + key + "' is missing");
        }
        return node.flatMap(present -> scalar(key, present, parser));
    }

    /** A value that may be missing, but not be {@code null}. */
    <T> Optional<T> given(String key, Function<String, T> parser) {
        return find(key).flatMap(node -> scalar(key, node, parser));
    }

    /** Whether a key that was read is in the file or in the environment. */
    boolean isSet(String key) {
        return places.containsKey(key);
    }

    /** A value that may be {@code null}. */
    <T> Optional<T> optional(String key, Optional<T> fallback, Function<String, T> parser) {
        return optional(key, find(key), fallback, parser);
    }

    private <T> Optional<T> optional(
            String key, Optional<YamlValue> found, Optional<T> fallback, Function<String, T> parser) {
        return found.map(node -> node.isNothing() ? Optional.<T>empty() : scalar(key, node, parser))
                .orElse(fallback);
    }

    /**
     * The same for a requirement on clients or peers: {@code null} must be explicit, so that a lost value does not remove
     * it.
     */
    <T> Optional<T> demand(String key, Function<String, T> parser) {
        // Once: a variable is gone when it was read.
        Optional<YamlValue> found = find(key);
        if (found.filter(YamlValue::isLeftOut).isPresent()) {
            problem(key, "has no value; write 'null' or leave it out if nothing is meant");
        }
        return optional(key, found, Optional.empty(), parser);
    }

    /** Rejects an empty variable for a list whose absence permits more: its value may have been lost. */
    void refuseBlankVariable(String key) {
        if (overridable && reading.environment().isBlank(path(key))) {
            String variable = Environment.variable(path(key));
            reading.problems()
                    .add(
                            SourceLocation.variable(variable),
                            "",
                            "is empty; write [] if none are meant, or unset the variable");
        }
    }

    /**
     * A password. It is read from the environment only, since the configuration file has many readers.
     *
     * @param instead the key that names a file with the password
     */
    Optional<Secret> secret(String key, String instead) {
        String variable = Environment.variable(path(key));
        if (entries.containsKey(key)) {
            known.add(key);
            reading.problems()
                    .add(
                            entries.get(key).place(),
                            path(key),
                            "a password must not stand here; use '" + instead + "' or the variable " + variable);
        }
        return reading.environment().value(path(key)).flatMap(YamlValue::text).map(text -> {
            places.put(key, SourceLocation.variable(variable));
            reading.origins().put(path(key), variable);
            return new Secret(text);
        });
    }

    /** A list of distinct single values; empty if the key is missing or no item is valid. */
    <T> Optional<List<T>> list(String key, Function<String, T> parser) {
        Optional<YamlValue> override =
                overridable ? reading.environment().list(path(key), reading.problems()) : Optional.empty();
        return items(key, override, "[a, b]", Meant::list).flatMap(items -> {
            List<T> values = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                YamlValue item = items.get(i);
                // A variable has no lines, so the number of the item says where it is.
                String name = item.place().line() == 0 && items.size() > 1 ? key + "[" + i + "]" : key;
                if (item.isNothing()) {
                    reading.problems().add(item.place(), path(name), "item " + (i + 1) + " has no value; take it out");
                } else {
                    scalar(name, item, parser).ifPresent(value -> addOnce(name, item, value, values));
                }
            }
            return usable(items, values);
        });
    }

    /**
     * A list of mappings.
     *
     * @param shorthand the key that a plain value in the environment sets
     * @param reader reads one mapping; empty if it has problems
     */
    <T> Optional<List<T>> sections(
            String key, Optional<String> shorthand, Function<ConfigurationSection, Optional<T>> reader) {
        Optional<YamlValue> override = overridable
                ? reading.environment().mappings(path(key), shorthand, reading.problems())
                : Optional.empty();
        return items(key, override, "[{key: value}]", node -> Meant.mappings(node, shorthand))
                .flatMap(items -> usable(items, each(reading, path(key), items, shorthand, reader)));
    }

    /**
     * The mappings of a document that is a list; no variable sets them.
     *
     * @param reader reads one mapping; empty if it has problems
     */
    static <T> List<T> each(
            ReadingContext reading, List<YamlValue> items, Function<ConfigurationSection, Optional<T>> reader) {
        return each(reading, "", items, Optional.empty(), reader);
    }

    private static <T> List<T> each(
            ReadingContext reading,
            String path,
            List<YamlValue> items,
            Optional<String> shorthand,
            Function<ConfigurationSection, Optional<T>> reader) {
        List<T> values = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String name = path + "[" + i + "]";
            try (ConfigurationSection section = of(reading, name, items.get(i), false, shorthand)) {
                reader.apply(section).ifPresent(values::add);
            }
        }
        return values;
    }

    /** Reports unknown and repeated keys. */
    @Override
    public void close() {
        entries.values().stream()
                .filter(entry -> !known.contains(entry.key()))
                .forEach(entry -> reading.problems()
                        .add(
                                entry.place(),
                                path,
                                "unknown key" + shown(entry.key()) + odd(entry.key())
                                        + Spelling.hint(OddCharacter.without(entry.key()), known)));
        repeated.forEach(entry -> reading.problems()
                .add(entry.place(), path, "key" + shown(entry.key()) + twice(entry) + "; keep one of them"));
    }

    private String odd(String key) {
        return confidential ? OddCharacter.hint(key) : OddCharacter.hintInKey(key);
    }

    private String shown(String key) {
        return confidential && !known.contains(key) ? "" : " " + Problems.quoted(key);
    }

    private String twice(YamlEntry entry) {
        int line = entries.get(entry.key()).place().line();
        return line == 0 ? " stands twice" : " stands here and in line " + line;
    }

    /** Empty if every item is wrong: that is reported already, and differs from an empty list. */
    private static <T> Optional<List<T>> usable(List<YamlValue> items, List<T> values) {
        return values.isEmpty() && !items.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(values));
    }

    private Optional<List<YamlValue>> items(
            String key, Optional<YamlValue> override, String example, Function<YamlValue, String> meant) {
        known.add(key);
        return located(key, override).flatMap(node -> {
            Optional<List<YamlValue>> items = node.items();
            if (items.isPresent() || node.isUnreadable()) {
                return items;
            }
            reading.problems()
                    .add(
                            node.place(),
                            path(key),
                            "expected a list, like " + example + ", found " + node.kind() + meant.apply(node)
                                    + oddness(node));
            return Optional.empty();
        });
    }

    private Optional<YamlValue> find(String key) {
        known.add(key);
        return located(key, overridable ? reading.environment().value(path(key)) : Optional.empty());
    }

    /** The variable if it is set, else the value in the file. Records the origin. */
    private Optional<YamlValue> located(String key, Optional<YamlValue> override) {
        Optional<YamlValue> found =
                override.or(() -> Optional.ofNullable(entries.get(key)).map(YamlEntry::value));
        override.map(YamlValue::place)
                .or(() -> Optional.ofNullable(entries.get(key)).map(YamlEntry::place))
                .ifPresent(where -> places.put(key, where));
        if (overridable) {
            reading.origins()
                    .put(path(key), found.map(node -> origin(node.place())).orElse("default"));
        }
        return found;
    }

    private static String origin(SourceLocation place) {
        return place.line() == 0
                ? place.source()
                : new SourceLocation(place.source().replaceFirst(".*[/\\\\]", ""), place.line()).toString();
    }

    private <T> Optional<T> scalar(String key, YamlValue node, Function<String, T> parser) {
        Optional<String> text = node.text();
        if (text.isPresent()) {
            try {
                return Optional.of(parser.apply(text.get()));
            } catch (RedactedException e) {
                reading.problems().add(node.place(), path(key), e.getMessage());
                return Optional.empty();
            } catch (IllegalArgumentException e) {
                reading.problems()
                        .add(
                                node.place(),
                                path(key),
                                Problems.quoted(text.get()) + " " + e.getMessage() + OddCharacter.hint(text.get())
                                        + Meant.filledIn(text.get()));
                return Optional.empty();
            }
        }
        String found = node.isNothing()
                ? "has no value; leave it out for its default"
                : "expected a single value, found " + node.kind()
                        + (node.items().isPresent() ? "; quote it if the bracket is a part of the value" : "");
        reading.problems().add(node.place(), path(key), found);
        return Optional.empty();
    }

    private <T> void addOnce(String key, YamlValue item, T value, List<T> values) {
        if (values.contains(value)) {
            reading.problems()
                    .add(item.place(), path(key), Problems.quoted(item.text().orElseThrow()) + " stands twice");
        } else {
            values.add(value);
        }
    }

    private String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
