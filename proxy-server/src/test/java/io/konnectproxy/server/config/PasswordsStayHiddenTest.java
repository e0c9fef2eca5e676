package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However wrong a configuration is: no password of it is in anything that is said, nor any piece of one. */
class PasswordsStayHiddenTest {
    private static final String USER = "qzuser";
    /** No two letters of it stand side by side in anything that the program says by itself. */
    private static final String PASSWORD = "xqzjwvkqx";

    private static final String URL = "http://" + USER + ":" + PASSWORD + "@proxy.corp:3128";

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "URL",
                "'URL'",
                "[URL]",
                "[[URL]]",
                "{URL}",
                "[{URL}]",
                "[{URL: }]",
                "[{url: URL/}]",
                "[{url: URL#x}]",
                "[{url: 'URL:1'}]",
                "[{url: [URL]}]",
                "[{url: {URL: x}}]",
                "[{uri: URL}]",
                "[{url: URL, URL: x}]",
                "[{url: URL}, {url: URL}]",
                "[{url: URL, url: URL}]",
                "[{url: 'a', PASSWORD: x}]",
                "[{url: 'http://u:a,PASSWORD@b:1'}]",
                "[{url: http://u:a,PASSWORD@b:1}]",
                "[{url: http://u:a,PASSWORD,PASSWORD,b@b:1}]",
                "[{url: 'http://u:PASSWORD#b@b:1'}]",
                "[{url: 'http://u:PASSWORD/b@b:1'}]",
                "[{url: 'http://u:PASSWORD%@b:1'}]",
                "[{url: 'http://u:PASSWORD%zz@b:1'}]",
                "[{url: 'http://u:PASSWORD@b'}]",
                "[{url: 'http://u:PASSWORD'}]",
                "[{url: 'https:/u:PASSWORD@b:1'}]",
                "[{url: 'u:PASSWORD@b:1'}]",
                "[{url: 'PASSWORD'}]",
                "[{url: 'socks5://u:PASSWORD@b:1'}]",
                "[{url: \"http://u:\\PASSWORD@b:1\"}]",
                "[{url: \"http://u:PASSWORD@b:1}]",
                "[{url: 'http://u:PASSWORD@b:1}]",
                "[{url: http://u:PASSWORD@b:1",
                "[{url: http://u:a,!PASSWORD!b@b:1}]",
                "[{url: http://u:a,*PASSWORD@b:1}]",
                "[{url: http://u:a,&PASSWORD @b:1}]",
                "[{url: http://u:a,|PASSWORD@b:1}]",
                "[{url: http://u:a,@PASSWORD@b:1}]",
                "[{url: http://u:a,%PASSWORD@b:1}]",
                "[{url: http://u:a]PASSWORD@b:1}]",
                "[{url: http://u:a}PASSWORD@b:1}]",
                "[{url: http://u:a: PASSWORD@b:1}]",
                "[{url: http://u:a #PASSWORD@b:1}]",
                "[{url: !PASSWORD http://b:1}]",
                "[{url: !PASSWORD!x http://b:1}]",
                "[{url: !PASSWORD!x 'a'}]",
                "[{url: &PASSWORD http://b:1}]",
                "[{url: *PASSWORD}]",
                "[{url: 'http://b:1', credentials-file: 'USER:PASSWORD'}]",
                "[{url: 'http://b:1', credentials-file: PASSWORD}]",
                "[{url: 'http://b:1', credentials-file: \"PASSWORD\\0\"}]",
                "[{url: 'http://b:1', credentials-file: [PASSWORD]}]",
                "[{url: 'http://b:1', credentials: 'USER:PASSWORD'}]",
                "[{url: 'http://b:1', password: PASSWORD}]",
                "[{url: 'http://b:1', PASSWORD: PASSWORD, PASSWORD: x}]",
                "[{url: URL, credentials-file: FILE}]",
                "[{url: 'http://b:1', credentials-file: FILE, dns: x}]",
                "[{url: 'http://b:1', credentials-file: TWO}]",
                "\n- url: http://u:\n    !PASSWORD!x@b:1",
                "\n- url: URL\n   dns: x",
                "\n- URL: x\n- URL"
            })
    void in_parents(String parents) throws Exception {
        Path file = Files.writeString(directory.resolve("parent.password"), USER + ":" + PASSWORD + "\n");
        Path two = Files.writeString(directory.resolve("two.password"), USER + ":" + PASSWORD + "\n" + PASSWORD);
        String value = parents.replace("URL", URL)
                .replace("FILE", file.toString())
                .replace("TWO", two.toString())
                .replace("USER", USER)
                .replace("PASSWORD", PASSWORD);
        requireHidden("regions: [us]\nparents: " + value, Map.of());
        requireHidden("regions: [us]", Map.of("KONNECT_PROXY_PARENTS", value.strip()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parent: URL",
                "URL: x",
                "listen: [{address: URL}]",
                "audit: {mirrors: [{url: URL}]}",
                "audit: {mirrors: URL}",
                "listen: [{address: 0.0.0.0:1, credentials: 'USER:PASSWORD'}]",
                "listen: [{address: 0.0.0.0:1, tls: {certificate: FILES/server.crt, key: FILES/server.key, key-password-file: PASSWORD}}]",
                "parents: [{url: URL}]\nmode: on",
                "? URL\n: x\nURL",
                "clients: [{name: a, user: 'USER', password: PASSWORD}]"
            })
    void elsewhere(String line) throws Exception {
        requireHidden(
                "regions: [us]\n"
                        + ExampleFiles.in(
                                line.replace("URL", URL).replace("USER", USER).replace("PASSWORD", PASSWORD)),
                Map.of());
    }

    @Test
    void in_variables_whose_plain_values_are_separated_by_commas() throws Exception {
        for (String value : List.of(URL, URL + ",", "http://u:a," + PASSWORD + "@b:1", URL + "," + URL, "[" + URL)) {
            requireHidden("regions: [us]", Map.of("KONNECT_PROXY_PARENTS", value));
        }
    }

    /** Where YAML stumbles over one sign, that sign is not named either. */
    @Test
    void in_a_line_that_is_no_yaml() {
        assertThat(Examples.problems(directory, "regions: [us]\nparents: [{url: \"http://u:\\q@b:1\"}]", Map.of()))
                .containsExactly(
                        "konnect-proxy.yaml:2: this is not YAML: in double quotes a backslash begins an escape,"
                                + " and this is none; write it twice, or take single quotes");
    }

    /** A valid configuration that is damaged here and there, with the signs that mean something to YAML and to URLs. */
    @Test
    void in_a_thousand_damaged_configurations() throws Exception {
        String whole = "regions: [us]\nparents:\n  - url: " + URL + "\n    dns: parent\n  - {url: '" + URL + "'}\n";
        String signs = "\"'{}[],:#&*!|>%@`?-/\\ \n\t";
        Random random = new Random(5);
        for (int i = 0; i < 1_000; i++) {
            StringBuilder damaged = new StringBuilder(whole);
            for (int j = random.nextInt(3); j >= 0; j--) {
                int at = random.nextInt(damaged.length());
                // The password itself stays whole, so that it is known when it shows.
                if (damaged.substring(Math.max(at - 9, 0), Math.min(at + 9, damaged.length()))
                        .contains(PASSWORD)) {
                    continue;
                }
                char sign = signs.charAt(random.nextInt(signs.length()));
                if (random.nextBoolean()) {
                    damaged.insert(at, sign);
                } else {
                    damaged.setCharAt(at, sign);
                }
            }
            requireHidden(damaged.toString(), Map.of());
        }
    }

    private void requireHidden(String yaml, Map<String, String> environment) throws Exception {
        for (String said : said(yaml, environment)) {
            for (int i = 0; i + 3 <= PASSWORD.length(); i++) {
                assertThat(said).as(yaml).doesNotContain(PASSWORD.substring(i, i + 3));
            }
            assertThat(said).as(yaml).doesNotContain(USER + ":");
        }
    }

    /** Everything that any command could print of it, causes included. */
    private List<String> said(String yaml, Map<String, String> environment) {
        Path file = Examples.write(directory, yaml);
        try {
            LoadedConfiguration loaded = ConfigurationLoader.load(file, environment);
            List<String> said = new ArrayList<>(new ConfigurationSummary(loaded).full());
            said.addAll(loaded.warnings());
            said.add(loaded.toString());
            return said;
        } catch (ConfigurationException e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            List<String> said = new ArrayList<>(e.problems());
            said.add(trace.toString());
            return said;
        }
    }
}
