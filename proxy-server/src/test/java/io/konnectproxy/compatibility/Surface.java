package io.konnectproxy.compatibility;

import io.konnectproxy.policy.Refusal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What users of this version may use, as lists of which each line is a promise. */
enum Surface {
    KEYS("keys", "A key of the configuration and its values") {
        @Override
        SortedSet<String> now() {
            return SchemaWords.ofInput(schema("config/konnect-proxy.schema.json"));
        }
    },
    CHART_VALUES("chart-values", "A value of the Helm chart") {
        @Override
        SortedSet<String> now() {
            return SchemaWords.ofInput(schema("deploy/helm/konnect-proxy/values.schema.json"));
        }
    },
    AUDIT_LINE("audit-line", "A field of the audit line, its type and its words") {
        @Override
        SortedSet<String> now() {
            return SchemaWords.ofOutput(schema("config/audit-line.schema.json"));
        }
    },
    CHECK("check", "A field of what 'check --output json' prints") {
        @Override
        SortedSet<String> now() {
            return SchemaWords.ofOutput(schema("config/check.schema.json"));
        }
    },
    DOCTOR("doctor", "A field of what 'doctor --output json' prints") {
        @Override
        SortedSet<String> now() {
            return SchemaWords.ofOutput(schema("config/doctor.schema.json"));
        }
    },
    REPORT("audit-report", "A field of what 'audit report --output json' prints") {
        @Override
        SortedSet<String> now() {
            return SchemaWords.ofOutput(schema("config/audit-report.schema.json"));
        }
    },
    REFUSALS("refusals", "The token of a refusal and its status") {
        @Override
        SortedSet<String> now() {
            return sorted(Arrays.stream(Refusal.values())
                    .map(refusal ->
                            refusal.token() + (IN_TLS.matcher(refusal.token()).matches() ? "" : " " + refusal.status()))
                    .toList());
        }
    },
    OPTIONS("options", "A command and its options") {
        @Override
        SortedSet<String> now() {
            SortedSet<String> options = new TreeSet<>();
            String command = "";
            for (String line :
                    Commands.run("man").out().replace("\\-", "-").lines().toList()) {
                Matcher section = Pattern.compile("\\.SS \"(.*)\"").matcher(line);
                if (section.matches()) {
                    command = section.group(1);
                    options.add(command);
                } else if (line.startsWith(".SH")) {
                    command = "";
                } else if (!command.isEmpty() && line.startsWith("\\fB-")) {
                    Matcher option = Pattern.compile("\\\\fB(-[^\\\\]+)\\\\fR").matcher(line);
                    while (option.find()) {
                        options.add(command + " " + option.group(1));
                    }
                }
            }
            return options;
        }
    },
    /** {@code MonitoringIT} compares that page with a running proxy. */
    METRICS("metrics", "A metric, its type and its labels") {
        @Override
        SortedSet<String> now() {
            SortedSet<String> metrics = new TreeSet<>();
            Pattern.compile("(?m)^\\| `(konnect_proxy_\\w+)` \\| (\\w+) \\| ([^|]*) \\|")
                    .matcher(Samples.read(Path.of("..", "docs", "operate.md")))
                    .results()
                    .forEach(row -> {
                        metrics.add(row.group(1) + " " + row.group(2));
                        for (String label : row.group(3).replace("`", "").split(", ", -1)) {
                            if (!label.isBlank()) {
                                metrics.add(row.group(1) + "{" + label.strip() + "}");
                            }
                        }
                    });
            return metrics;
        }
    };

    /** Of cases where no reply is possible. */
    private static final Pattern IN_TLS = Pattern.compile("(tls|hello|sni)_.*");

    private final String file;
    private final String promise;

    Surface(String file, String promise) {
        this.file = file;
        this.promise = promise;
    }

    /** The name of its list among the samples. */
    String file() {
        return file;
    }

    /** What is promised to stay, as the beginning of a sentence. */
    String promise() {
        return promise;
    }

    /** What there is in this version. */
    abstract SortedSet<String> now();

    private static JsonNode schema(String path) {
        return new JsonMapper().readTree(Samples.read(Path.of("..").resolve(path)));
    }

    private static SortedSet<String> sorted(List<String> lines) {
        return new TreeSet<>(lines);
    }
}
