package io.konnectproxy.konnect;

import io.konnectproxy.target.HostName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A pattern of Konnect host names as the catalogue writes it: {@code {control-plane}.{region}.cp0.konghq.com}. It has at most
 * one open label, which is the first one, and at most one region. Each placeholder stands for exactly one label.
 */
public final class HostPattern {
    private static final String REGION = "{region}";
    /** A label: {@code tp}, and behind it a generation. */
    private static final Pattern TELEMETRY = Pattern.compile("(?<![^.])tp[0-9]*(?=[.])");

    private final String text;
    private final Optional<OpenLabel> openLabel;
    /** The name without the open label; it may contain {@code {region}}. */
    private final String rest;

    private final boolean telemetry;

    private HostPattern(String text, Optional<OpenLabel> openLabel, String rest) {
        this.text = text;
        this.openLabel = openLabel;
        this.rest = rest;
        this.telemetry = TELEMETRY.matcher(rest).find();
    }

    /** A label that differs between customers. */
    public enum OpenLabel {
        CONTROL_PLANE("control-plane", "0646a7d680"),
        PORTAL("portal", "my-portal"),
        TENANT("tenant", "acme");

        private final String word;
        private final String example;

        OpenLabel(String word, String example) {
            this.word = word;
            this.example = example;
        }

        /** The placeholder in patterns, {@code {control-plane}}. */
        public String placeholder() {
            return "{" + word + "}";
        }

        /** The name in sentences, {@code control plane}. */
        public String noun() {
            return word.replace('-', ' ');
        }

        /** The plural in sentences, {@code control planes}. */
        public String plural() {
            return noun() + "s";
        }

        /** The configuration key that pins such labels, {@code control-planes}. */
        public String key() {
            return word + "s";
        }

        /** An example of such a label. */
        public String example() {
            return example;
        }
    }

    /**
     * Reads a pattern of the catalogue.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static HostPattern parse(String text) {
        int dot = text.indexOf('.');
        String first = dot < 0 ? text : text.substring(0, dot);
        Optional<OpenLabel> open = Arrays.stream(OpenLabel.values())
                .filter(label -> label.placeholder().equals(first))
                .findFirst();
        String rest = open.isPresent() && dot > 0 ? text.substring(dot + 1) : text;
        List<String> labels = List.of(rest.split("\\.", -1));
        if (labels.stream().filter(REGION::equals).count() > 1) {
            throw new IllegalArgumentException("{region} may stand once in a pattern");
        }
        // With the region filled in, the rest must be a plain name of at least three labels, so that a pattern can
        // never
        // match every host of a registrable domain.
        String sample = labels.stream()
                .map(label -> label.equals(REGION) ? "us" : label)
                .collect(Collectors.joining("."));
        if (!(HostName.read(sample) instanceof HostName name)
                || !name.toString().equals(sample)) {
            throw new IllegalArgumentException("a pattern is a lower-case host name in which {region} and, as its first"
                    + " label, {control-plane}, {portal} or {tenant} may stand");
        }
        if (labels.size() < 3) {
            throw new IllegalArgumentException("a pattern needs at least three labels besides an open first one");
        }
        return new HostPattern(text, open, rest);
    }

    /** Whether the pattern contains {@code {region}}. */
    public boolean isRegional() {
        return rest.contains(REGION);
    }

    public Optional<OpenLabel> openLabel() {
        return openLabel;
    }

    /** Whether the name is one of telemetry, {@code {control-plane}.{region}.tp0.konghq.com}. */
    boolean isTelemetry() {
        return telemetry;
    }

    /** The name without its open label, with the region filled in. */
    HostName fixedPart(Optional<Region> region) {
        return HostName.of(region.map(r -> rest.replace(REGION, r.name())).orElse(rest));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostPattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The pattern as the catalogue writes it. */
    @Override
    public String toString() {
        return text;
    }
}
