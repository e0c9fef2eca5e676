package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kong-config} as a shell sees it. What the settings are is tested where they are made. */
class KongConfigTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void configure() throws IOException {
        configure("10.0.0.5:3128");
    }

    private void configure(String address) throws IOException {
        Files.writeString(
                directory.resolve("konnect-proxy.yaml"),
                "regions: [us]\nlisten: [{address: \"%s\"}]\n".formatted(address));
    }

    private int run(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "kong-config";
        all[1] = "-c";
        all[2] = directory.resolve("konnect-proxy.yaml").toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), all);
    }

    @Test
    void format_is_the_old_name_of_output_and_says_so() {
        assertThat(run("--format", "env")).isZero();
        assertThat(out.toString()).contains("KONG_PROXY_SERVER=");
        assertThat(err.toString()).startsWith("warning: --format is deprecated; it is called --output\n");
    }

    @Test
    void prints_the_settings_of_kong_conf_if_nothing_else_is_asked_for() {
        assertThat(run()).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "# Listener 10.0.0.5:3128: plain, no credentials.",
                        "# No quotes, which Kong would keep; and never without the port, for Kong would dial 443.",
                        "proxy_server = http://10.0.0.5:3128",
                        "cluster_use_proxy = on");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kong.conf, proxy_server = http://10.0.0.5:3128",
        "env, KONG_PROXY_SERVER=http://10.0.0.5:3128",
        "helm, '  proxy_server: \"http://10.0.0.5:3128\"'",
        "docker, '  -e KONG_PROXY_SERVER=http://10.0.0.5:3128 \\'",
        "deck, HTTPS_PROXY=http://10.0.0.5:3128",
    })
    void prints_in(String format, String line) {
        assertThat(run("--output", format)).isZero();
        assertThat(out.toString().lines()).contains(line);
    }

    @Test
    void warns_on_standard_error_so_that_the_rest_can_be_piped() throws IOException {
        configure("0.0.0.0:3128");
        assertThat(run("--output", "env")).isZero();
        assertThat(out.toString().lines()).allMatch(line -> line.matches("(#|KONG_).*"));
        assertThat(err.toString().lines())
                .containsExactly("warning: listener 0.0.0.0:3128 does not say under which name it is reached: replace"
                        + " PROXY-HOST, or give --host");
    }

    @Test
    void is_of_no_use_without_a_listener_for_kong() throws IOException {
        configure("10.0.0.5:0");
        assertThat(run()).isEqualTo(78);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).last().isEqualTo("No listener of this configuration is for Kong.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--output xml",
                "--host ::1",
                "--host a:3128",
                "--port 0",
                "--port x",
                "--user a:b",
                "--listener 9999",
                "--password secret",
                "more"
            })
    void is_not_used_like(String line) {
        assertThat(run(line.split(" ", -1))).isEqualTo(64);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).hasSizeBetween(2, 3).noneMatch(each -> each.contains("Exception"));
    }

    /** As {@code user} does. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "pom.xml"})
    void fails_with_a_password_file_that_cannot_be_read(String file) {
        assertThat(run("--password-file", file, "--user", "dp")).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).singleElement().asString().contains(file);
    }

    @Test
    void says_nothing_of_a_password_but_where_it_was_asked_for() throws IOException {
        Path password = Files.writeString(directory.resolve("password"), "hid\u0007den\n");
        assertThat(run("--user", "dp", "--password-file", password.toString())).isEqualTo(64);
        Files.writeString(password, "hidden\n");
        assertThat(run("--user", "dp", "--password-file", password.toString())).isZero();
        assertThat(out.toString() + err).doesNotContain("hid");
        assertThat(err.toString()).contains("warning: listener 10.0.0.5:3128 asks nobody for credentials");
    }
}
