package io.konnectproxy.server.admin;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** The formats in which metrics are served, and which one a request gets. */
public enum ExpositionFormat {
    /** The text format of Prometheus, for whoever names no format that is known here. */
    PROMETHEUS_TEXT("text/plain; version=0.0.4; charset=utf-8"),
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    /** A newer version may mean something else, so it is not answered with this one. */
    private static final List<String> VERSIONS_OF_OPEN_METRICS = List.of("0.0.1", "1.0.0");

    private final String contentType;

    ExpositionFormat(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /**
     * The format for the fields {@code Accept} of a request (RFC 9110, section 12.5.1). OpenMetrics is only sent to those who
     * name it, and not to those who prefer the text format. There is no 406: Prometheus' own exporters send none either.
     *
     * @param accept the values of all fields {@code Accept}
     */
    static ExpositionFormat preferred(List<String> accept) {
        List<Range> ranges = accept.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(Range::parse)
                .flatMap(Optional::stream)
                .toList();
        double openMetrics = best(ranges, Range::isOpenMetrics);
        return openMetrics > 0 && openMetrics >= best(ranges, Range::isText) ? OPEN_METRICS : PROMETHEUS_TEXT;
    }

    private static double best(List<Range> ranges, Predicate<Range> format) {
        return ranges.stream().filter(format).mapToDouble(Range::quality).max().orElse(0);
    }

    /**
     * One range of the field.
     *
     * @param version the parameter of that name; empty if there is none
     */
    private record Range(String type, String version, double quality) {
        /** Empty if its quality is not a number. */
        static Optional<Range> parse(String text) {
            String[] parts = text.split(";", -1);
            try {
                double quality = Double.parseDouble(parameter(parts, "q").orElse("1"));
                return Optional.of(new Range(
                        parts[0].strip().toLowerCase(Locale.ROOT),
                        parameter(parts, "version").orElse(""),
                        quality));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        private static Optional<String> parameter(String[] parts, String name) {
            return Arrays.stream(parts)
                    .skip(1)
                    .map(part -> part.split("=", 2))
                    .filter(pair -> pair.length == 2
                            && pair[0].strip().toLowerCase(Locale.ROOT).equals(name))
                    .map(pair -> pair[1].strip().replace("\"", ""))
                    .findFirst();
        }

        boolean isOpenMetrics() {
            return type.equals("application/openmetrics-text")
                    && (version.isEmpty() || VERSIONS_OF_OPEN_METRICS.contains(version));
        }

        boolean isText() {
            return type.equals("text/plain") && (version.isEmpty() || version.equals("0.0.4"));
        }
    }
}
