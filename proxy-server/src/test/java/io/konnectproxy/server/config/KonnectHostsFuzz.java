package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.target.HostName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The input is an operator's own table of hosts. */
public final class KonnectHostsFuzz {
    private static final Path FILE = Path.of("/etc/hosts.yaml");

    private KonnectHostsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Problems problems = new Problems();
        Optional<KonnectCatalog> catalog = TextFile.text(
                        new ByteArrayInputStream(input), new SourceLocation(FILE.toString(), 0), problems)
                .flatMap(text -> YamlDocument.read(FILE.toString(), text, problems))
                .flatMap(root -> KonnectHostsReader.read(root, problems));

        if (catalog.isPresent() && problems.none()) {
            catalog.get().hosts().forEach(host -> accepted(catalog.get(), host));
            assertThat(catalog.get().hosts()).isNotEmpty();
        } else {
            Sentences.require(problems.sentences(), FILE, Sentences.lines(input));
        }
    }

    /** A row admits what it spells, one label wide, under at least three fixed ones; and no other row does. */
    private static void accepted(KonnectCatalog catalog, KonnectHost host) {
        String wildcard = host.wildcard();
        assertThat(wildcard).matches("(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+){2,}");
        assertThat(wildcard.contains("*")).isEqualTo(host.pattern().openLabel().isPresent());
        String name = wildcard.replace("*", "a");
        assertThat(catalog.find(HostName.of(name)))
                .hasValueSatisfying(match -> assertThat(match.host()).isEqualTo(host));
        if (!host.pattern().isRegional()) {
            assertThat(host.pattern().toString()).endsWith(wildcard.replace("*", ""));
        } else {
            assertThat(host.region()).isPresent();
        }
        if (wildcard.contains("*")) {
            assertThat(catalog.find(HostName.of("b." + name)).map(match -> match.host()))
                    .isNotEqualTo(Optional.of(host));
            assertThat(catalog.find(HostName.of(wildcard.substring(2))).map(match -> match.host()))
                    .isNotEqualTo(Optional.of(host));
        }
    }
}
