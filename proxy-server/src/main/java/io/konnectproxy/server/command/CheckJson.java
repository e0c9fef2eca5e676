package io.konnectproxy.server.command;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.Reloads;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.config.Configuration.Parent;
import io.konnectproxy.server.config.ConfigurationProblem;
import io.konnectproxy.server.config.ConfigurationSummary;
import io.konnectproxy.server.config.Expectation;
import io.konnectproxy.server.config.ListenerFacts;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.config.SourceLocation;
import io.konnectproxy.server.tls.ServerFiles;
import io.netty.util.NetUtil;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/**
 * What {@code check} has found, as one JSON object without secrets. Names are stable and described by
 * {@code config/check.schema.json}; more may be added.
 */
final class CheckJson {
    /** The version of the form. It is increased when a name changes its meaning or is removed. */
    private static final int FORM = 1;

    private final JsonGenerator json;

    private CheckJson(JsonGenerator json) {
        this.json = json;
    }

    /** @param file the configuration */
    static void write(Path file, CheckResult result, PrintWriter out) {
        PrettyJson.write(out, json -> new CheckJson(json).write(file, result));
    }

    private void write(Path file, CheckResult result) {
        json.writeStartObject();
        json.writeNumberProperty("check", FORM);
        json.writeStringProperty("version", ProxyServer.version());
        json.writeStringProperty("file", file.toString());
        json.writeBooleanProperty("valid", result.problems().isEmpty());
        objects("problems", result.problems(), this::problem);
        strings("warnings", result.warnings().stream());
        optional("configuration", result.loaded(), loaded -> configuration(loaded, result));
        if (result.expectations().isPresent()) {
            objects("expectations", result.expectations().get(), this::expectation);
        } else {
            json.writeNullProperty("expectations");
        }
        json.writeEndObject();
    }

    private void problem(ConfigurationProblem problem) {
        Optional<SourceLocation> place = problem.place();
        string("file", place.filter(at -> !at.isVariable()).map(SourceLocation::source));
        number("line", place.map(SourceLocation::line).filter(line -> line > 0));
        string("variable", place.filter(SourceLocation::isVariable).map(SourceLocation::source));
        json.writeStringProperty("sentence", problem.sentence());
    }

    private void configuration(LoadedConfiguration loaded, CheckResult result) {
        Configuration configuration = loaded.configuration();
        json.writeStringProperty("digest", Reloads.digest(configuration));
        json.writeObjectPropertyStart("settings");
        for (ConfigurationSummary.Setting setting : new ConfigurationSummary(loaded).settings()) {
            json.writeObjectPropertyStart(setting.key());
            json.writeStringProperty("value", setting.value());
            json.writeStringProperty("origin", setting.origin());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeArrayPropertyStart("listeners");
        for (int i = 0; i < configuration.listen().size(); i++) {
            json.writeStartObject();
            listener(configuration.listen().get(i), loaded.facts().get(i));
            json.writeEndObject();
        }
        json.writeEndArray();
        objects("clients", configuration.clients().entries(), this::client);
        objects("parents", configuration.parents(), this::parent);
        json.writeName("hosts");
        HostsCommand.write(configuration, json);
        strings("notes", result.notes().stream());
    }

    private void listener(ListenerSettings listener, ListenerFacts facts) {
        json.writeStringProperty("address", NetUtil.toSocketAddressString(listener.address()));
        optional("tls", facts.identity(), identity -> {
            strings("names", identity.names().stream());
            json.writeStringProperty("not_after", identity.notAfter().toString());
            string("client_ca", listener.tls().flatMap(ServerFiles::clientCa));
        });
        optional("credentials", listener.credentials(), file -> {
            json.writeStringProperty("file", file);
            json.writeNumberProperty(
                    "users", facts.users().map(users -> users.names().size()).orElse(0));
        });
        sorted("sources", listener.sources());
        sorted("proxy_protocol", listener.proxyProtocol());
        sorted("probes", listener.probes());
    }

    private void client(ClientEntry entry) {
        Match match = entry.match();
        json.writeStringProperty("name", entry.name());
        string("user", match instanceof Match.User user ? Optional.of(user.name()) : Optional.empty());
        string(
                "certificate",
                match instanceof Match.Certificate certificate ? Optional.of(certificate.name()) : Optional.empty());
        string(
                "source",
                match instanceof Match.Source source
                        ? Optional.of(source.block().toString())
                        : Optional.empty());
        sorted("regions", entry.regions());
        sorted("purposes", entry.purposes());
        sorted("control_planes", TenantLabel.of(OpenLabel.CONTROL_PLANE, entry.pins()));
        sorted("portals", TenantLabel.of(OpenLabel.PORTAL, entry.pins()));
        sorted("tenants", TenantLabel.of(OpenLabel.TENANT, entry.pins()));
    }

    private void parent(Parent parent) {
        json.writeStringProperty("url", parent.url().toString());
        json.writeBooleanProperty("password", parent.url().credentials().isPresent());
        string("trust", parent.trust().map(TrustedCertificates::file));
        json.writeStringProperty("dns", parent.dns().name().toLowerCase(Locale.ROOT));
        sorted("purposes", parent.purposes());
    }

    /** The names of the request are those of the file. */
    private void expectation(JudgedExpectation judged) {
        Expectation expectation = judged.expectation();
        json.writeStringProperty("file", expectation.place().source());
        json.writeNumberProperty("line", expectation.place().line());
        json.writeStringProperty("connect", expectation.shownConnect());
        string("user", expectation.user());
        string("client", expectation.client().map(AddressText::of));
        strings("certificate", expectation.certificate().stream());
        number("listener", expectation.listener().stream().boxed().findFirst());
        json.writeStringProperty("expect", judged.expected());
        json.writeStringProperty("result", judged.result());
        json.writeBooleanProperty("holds", judged.holds());
        json.writeBooleanProperty("enforced", judged.enforced());
        json.writeStringProperty("reason", judged.reason());
    }

    private <T> void objects(String name, Collection<T> values, Consumer<T> members) {
        json.writeArrayPropertyStart(name);
        for (T value : values) {
            json.writeStartObject();
            members.accept(value);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private <T> void optional(String name, Optional<T> value, Consumer<T> members) {
        if (value.isEmpty()) {
            json.writeNullProperty(name);
            return;
        }
        json.writeObjectPropertyStart(name);
        members.accept(value.get());
        json.writeEndObject();
    }

    private void sorted(String name, Collection<?> values) {
        strings(name, values.stream().map(Object::toString).sorted());
    }

    private void strings(String name, Stream<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    private void string(String name, Optional<String> value) {
        if (value.isPresent()) {
            json.writeStringProperty(name, value.get());
        } else {
            json.writeNullProperty(name);
        }
    }

    private void number(String name, Optional<Integer> value) {
        if (value.isPresent()) {
            json.writeNumberProperty(name, value.get());
        } else {
            json.writeNullProperty(name);
        }
    }
}
