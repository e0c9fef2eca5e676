package io.konnectproxy.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Guesses what was meant by a value of another form, for the end of a sentence; empty text if there is no guess. */
final class Meant {
    /** What is shown without risk: no user and no password of a URL. */
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:/\\[\\]-]{1,60}");

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})\\s*([kKmMgG])([iI]?[bB]?)");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})\\s*([A-Za-z]*)");
    private static final Pattern HOURS_AND_MINUTES = Pattern.compile("([0-9]{1,4})h\\s*([0-9]{1,4})m");
    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("", "s"),
            Map.entry("ms", "ms"),
            Map.entry("msec", "ms"),
            Map.entry("millis", "ms"),
            Map.entry("s", "s"),
            Map.entry("sec", "s"),
            Map.entry("secs", "s"),
            Map.entry("second", "s"),
            Map.entry("seconds", "s"),
            Map.entry("m", "m"),
            Map.entry("min", "m"),
            Map.entry("mins", "m"),
            Map.entry("minute", "m"),
            Map.entry("minutes", "m"),
            Map.entry("h", "h"),
            Map.entry("hr", "h"),
            Map.entry("hour", "h"),
            Map.entry("hours", "h"),
            Map.entry("d", "d"),
            Map.entry("day", "d"),
            Map.entry("days", "d"));

    static final String NOT_FILLED_IN =
            "variables like ${NAME} are not filled in here; every key has a variable of its own in their place";

    private Meant() {}

    /** For a value that another program should have filled in. */
    static String filledIn(String text) {
        return text.contains("${") ? "; " + NOT_FILLED_IN : "";
    }

    static String didYouMean(String right) {
        return "; did you mean '" + right + "'?";
    }

    /** A list with the value as its only item. */
    static String list(YamlValue value) {
        if (value.text().isEmpty()) {
            return "";
        }
        // The hyphen of an item needs a blank behind it.
        List<String> items = Arrays.stream(
                        value.text().get().replaceFirst("^-", "").split(",", -1))
                .map(String::strip)
                .map(item -> shown(YamlValue.text(item, value.place())))
                .toList();
        return "; did you mean [" + (items.contains("...") ? "..." : String.join(", ", items)) + "]?";
    }

    /**
     * A list of mappings with the value as its only one.
     *
     * @param shorthand the key that a plain value is probably meant for
     */
    static String mappings(YamlValue value, Optional<String> shorthand) {
        if (value.entries().isPresent()) {
            return "; did you mean [{...}]?";
        }
        return shorthand
                .filter(key -> value.text().isPresent())
                .map(key -> "; did you mean [" + under(key, value) + "]?")
                .orElse("");
    }

    /** A mapping with the value under a key. A port alone is no address yet. */
    static String under(String key, YamlValue value) {
        Optional<String> address =
                value.text().filter(text -> key.equals("address")).flatMap(Meant::address);
        return "{" + key + ": " + address.orElseGet(() -> shown(value)) + "}";
    }

    /** The value as it may stand in a flow list. */
    static String shown(YamlValue value) {
        String text = value.text().orElse("");
        if (!HARMLESS.matcher(text).matches() || text.contains("://")) {
            return "...";
        }
        return text.matches("[\\[\\]:].*") ? '"' + text + '"' : text;
    }

    static String size(String text) {
        if (text.matches("[0-9]{1,2}\\s+%")) {
            return didYouMean(text.replaceAll("\\s", ""));
        }
        Matcher form = SIZE.matcher(text.strip());
        return form.matches() ? didYouMean(form.group(1) + form.group(2).toUpperCase(Locale.ROOT) + "iB") : count(text);
    }

    static String duration(String text) {
        Matcher several = HOURS_AND_MINUTES.matcher(text.strip());
        if (several.matches()) {
            return didYouMean(Integer.parseInt(several.group(1)) * 60 + Integer.parseInt(several.group(2)) + "m");
        }
        Matcher form = TIME.matcher(text.strip());
        return form.matches() && UNITS.containsKey(form.group(2).toLowerCase(Locale.ROOT))
                ? didYouMean(form.group(1) + UNITS.get(form.group(2).toLowerCase(Locale.ROOT)))
                : "";
    }

    /** A number whose digits stand in groups. */
    static String count(String text) {
        String plain = text.replaceAll("[_,' .]", "");
        return plain.matches("[0-9]{1,9}") && !plain.equals(text) && !text.matches(".*[.,][0-9]{1,2}")
                ? didYouMean(plain)
                : "";
    }

    static boolean isNoFlag(String text) {
        return flag(text).isEmpty();
    }

    /** For a file that is one value, {@code regions:[us]} or {@code regions=us}. */
    static String colon(YamlValue value, String path) {
        return path.isEmpty() && value.text().isPresent()
                ? "; a key ends with a colon and a blank, like 'regions: [us]'"
                : "";
    }

    static String flag(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "y", "1" -> didYouMean("true");
            case "false", "no", "off", "n", "0" -> didYouMean("false");
            default -> "";
        };
    }

    /** An address to listen on, for {@code :3128}, {@code *:3128}, {@code 3128} and a URL. */
    static String listening(String text) {
        Matcher url = Pattern.compile("(https?|tcp)://([^/@]+)/?").matcher(text);
        return url.matches()
                ? didYouMean(url.group(2))
                : address(text).map(Meant::didYouMean).orElse("");
    }

    private static Optional<String> address(String text) {
        Matcher port = Pattern.compile("(\\*?:)?([0-9]{1,5})").matcher(text);
        return port.matches()
                ? Optional.of((port.group(1) == null ? "127.0.0.1:" : "0.0.0.0:") + port.group(2))
                : Optional.empty();
    }
}
