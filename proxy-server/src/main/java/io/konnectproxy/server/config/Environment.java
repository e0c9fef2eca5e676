package io.konnectproxy.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The variables that override the file. Records which were read, so that misspelt ones are reported. */
final class Environment {
    static final String PREFIX = "KONNECT_PROXY_";

    /** An IPv6 address in brackets at the beginning, which begins no list. */
    private static final Pattern ADDRESS_IN_BRACKETS = Pattern.compile("(?s)\\[[0-9a-fA-F.]*:[0-9a-fA-F:.]*\\].*");

    /** Ports are parts of addresses here. */
    private static final Map<String, String> WISHES = Map.of(
            "PORT", "LISTEN",
            "ADDRESS", "LISTEN",
            "LISTEN_PORT", "LISTEN",
            "LISTEN_ADDRESS", "LISTEN",
            "ADMIN_PORT", "ADMIN_ADDRESS",
            "METRICS_PORT", "ADMIN_ADDRESS");

    private final Map<String, String> unused = new TreeMap<>();
    /** The variables that are set and empty. */
    private final Set<String> blank = new TreeSet<>();

    private final TreeSet<String> known = new TreeSet<>();

    Environment(Map<String, String> variables) {
        variables.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !ServiceLink.is(name, value)) {
                unused.put(name, value);
                if (value.isBlank()) {
                    blank.add(name);
                }
            }
        });
    }

    /** For files that no variable can override. */
    static Environment none() {
        return new Environment(Map.of());
    }

    /** The variable of a key, {@code KONNECT_PROXY_DNS_TIMEOUT} of {@code dns.timeout}. */
    static String variable(String path) {
        return PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** A single value; an empty variable is {@code null}. */
    Optional<YamlValue> value(String path) {
        return take(path).map(text -> {
            SourceLocation place = SourceLocation.variable(variable(path));
            return text.isBlank() ? YamlValue.nothing(place) : YamlValue.text(text.strip(), place);
        });
    }

    /** Values separated by commas, or in YAML's flow form; an empty variable is the empty list. */
    Optional<YamlValue> list(String path, Problems problems) {
        return take(path).map(text -> {
            SourceLocation place = SourceLocation.variable(variable(path));
            return isFlow(text) ? flow(text, place, problems) : YamlValue.list(values(path, text), place);
        });
    }

    private static boolean isFlow(String text) {
        String compact = text.strip();
        return compact.startsWith("[") && !ADDRESS_IN_BRACKETS.matcher(compact).matches();
    }

    private static YamlValue flow(String text, SourceLocation place, Problems problems) {
        return YamlDocument.readVariable(place.source(), text.strip(), problems)
                .orElseGet(() -> YamlValue.unreadable(place));
    }

    /**
     * Mappings, in YAML's flow form ({@code [{name: a, host: b}]}).
     *
     * @param shorthand the key that a plain value sets; plain values are separated by commas, or items of the list
     */
    Optional<YamlValue> mappings(String path, Optional<String> shorthand, Problems problems) {
        return take(path).map(text -> {
            SourceLocation place = SourceLocation.variable(variable(path));
            String compact = text.strip();
            if (isFlow(compact) || compact.startsWith("{")) {
                YamlValue value = flow(compact, place, problems);
                return shorthand.map(value::withItemsUnder).orElse(value);
            }
            if (shorthand.isEmpty()) {
                return compact.isEmpty() ? YamlValue.list(List.of(), place) : YamlValue.text(compact, place);
            }
            return YamlValue.list(
                    values(path, text).stream()
                            .map(value -> value.under(shorthand.get()))
                            .toList(),
                    place);
        });
    }

    /** Whether the variable of a key is set to an empty value: on purpose, or because its value was lost. */
    boolean isBlank(String path) {
        return blank.contains(variable(path));
    }

    /** Reports the variables that no key read. */
    void reportUnused(Problems problems) {
        unused.keySet()
                .forEach(name -> problems.add(SourceLocation.variable(name), "", "no such setting" + meant(name)));
    }

    /** What all names have in common says nothing about which is near. */
    private String meant(String name) {
        String word = name.substring(PREFIX.length());
        if (word.matches("CONFIG(URATION)?(_FILE)?")) {
            return "; the configuration is named with -c FILE";
        }
        List<String> words =
                known.stream().map(each -> each.substring(PREFIX.length())).toList();
        return Optional.ofNullable(WISHES.get(word))
                .or(() -> Spelling.nearest(word, words))
                .map(near -> "; did you mean '" + PREFIX + near + "'?")
                .orElse("; the variables are named as the keys of the file");
    }

    private Optional<String> take(String path) {
        String name = variable(path);
        known.add(name);
        return Optional.ofNullable(unused.remove(name));
    }

    private static List<YamlValue> values(String path, String text) {
        SourceLocation place = SourceLocation.variable(variable(path));
        List<YamlValue> items = new ArrayList<>();
        if (!text.isBlank() && !text.strip().equals("[]")) {
            for (String item : text.split(",", -1)) {
                items.add(item.isBlank() ? YamlValue.nothing(place) : YamlValue.text(item.strip(), place));
            }
        }
        return items;
    }
}
