package io.konnectproxy.server.command;

import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.RulesInForce;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Lists the permitted hosts in the form of a request for a firewall rule. */
@Command(name = "hosts", description = "Lists the hosts that may be reached: host pattern, port, region, purpose.")
final class HostsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Mixin
    private OutputOption output = new OutputOption();

    /**
     * One host or wildcard.
     *
     * @param extra the entry's name where the host is one of extra-hosts
     * @param clients the entries of clients whose rules permit it; empty where the rules of all clients do
     */
    private record HostLine(
            String host, Optional<String> region, String purpose, Optional<String> extra, List<String> clients) {}

    @Override
    public Integer call() throws ConfigurationException {
        Configuration loaded = configuration.load().configuration();
        List<HostLine> lines = lines(loaded);
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            printJson(lines, out);
        } else {
            printText(lines, out);
        }
        if (loaded.rules().mode() == EgressPolicy.Mode.REPORT_ONLY) {
            spec.commandLine().getErr().println("warning: other hosts are let through too (mode: report-only)");
        }
        return ExitCode.OK;
    }

    /** Prints the effective allowlist as text, one line for each host. */
    static void print(Configuration loaded, PrintWriter out) {
        printText(lines(loaded), out);
    }

    private static List<HostLine> lines(Configuration loaded) {
        List<HostLine> lines = new ArrayList<>();
        for (KonnectHost host : loaded.enabledHosts()) {
            permitting(host, loaded.rulesInForce())
                    .forEach((name, clients) -> lines.add(new HostLine(
                            name,
                            host.region().map(Object::toString),
                            host.purpose().toString(),
                            Optional.empty(),
                            clients)));
        }
        loaded.rules()
                .extraHosts()
                .forEach(extra -> lines.add(new HostLine(
                        extra.host().toString(),
                        Optional.empty(),
                        "extra-host",
                        Optional.of(extra.name()),
                        List.of())));
        return lines;
    }

    /** The names of a row of the host table, each with the clients whose rules permit it. */
    private static Map<String, List<String>> permitting(KonnectHost host, List<RulesInForce> inForce) {
        Map<String, List<String>> clients = new LinkedHashMap<>();
        Set<String> open = new HashSet<>();
        for (RulesInForce each : inForce) {
            if (each.enables(host)) {
                names(host, each.rules()).forEach(name -> {
                    clients.computeIfAbsent(name, key -> new ArrayList<>());
                    each.entry().ifPresentOrElse(entry -> clients.get(name).add(entry.name()), () -> open.add(name));
                });
            }
        }
        open.forEach(name -> clients.get(name).clear());
        return clients;
    }

    /** The exact names where tenants are pinned; otherwise the wildcard. */
    private static Stream<String> names(KonnectHost host, EgressPolicy.Rules rules) {
        List<String> pinned = rules.pins().stream()
                .sorted()
                .flatMap(pin -> host.hostOf(pin).stream())
                .toList();
        return pinned.isEmpty() ? Stream.of(host.wildcard()) : pinned.stream();
    }

    private static void printText(List<HostLine> lines, PrintWriter out) {
        int width = lines.stream().mapToInt(line -> line.host().length()).max().orElse(1);
        String format = "%-" + width + "s  %d  %-6s  %s";
        for (HostLine line : lines) {
            String purpose =
                    line.purpose() + line.extra().map(name -> " " + name).orElse("") + whose(line);
            out.println(String.format(
                    Locale.ROOT,
                    format,
                    line.host(),
                    EgressPolicy.PORT,
                    line.region().orElse("-"),
                    purpose));
        }
    }

    private static String whose(HostLine line) {
        return line.clients().isEmpty() ? "" : " (" + String.join(", ", line.clients()) + ")";
    }

    private static void printJson(List<HostLine> lines, PrintWriter out) {
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.configure(tools.jackson.core.StreamWriteFeature.AUTO_CLOSE_TARGET, false);
            write(lines, json);
        }
        out.println();
    }

    /** Writes the effective allowlist as a JSON array. */
    static void write(Configuration loaded, JsonGenerator json) {
        write(lines(loaded), json);
    }

    private static void write(List<HostLine> lines, JsonGenerator json) {
        json.writeStartArray();
        for (HostLine line : lines) {
            json.writeStartObject();
            json.writeStringProperty("host", line.host());
            json.writeNumberProperty("port", EgressPolicy.PORT);
            if (line.region().isPresent()) {
                json.writeStringProperty("region", line.region().get());
            } else {
                json.writeNullProperty("region");
            }
            json.writeStringProperty("purpose", line.purpose());
            line.extra().ifPresent(name -> json.writeStringProperty("name", name));
            if (!line.clients().isEmpty()) {
                json.writeArrayPropertyStart("clients");
                line.clients().forEach(json::writeString);
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
