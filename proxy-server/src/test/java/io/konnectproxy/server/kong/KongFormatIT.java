package io.konnectproxy.server.kong;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.config.Configuration.ListenerSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What is printed, read by those for whom it is printed. */
class KongFormatIT {
    static final List<String> PASSWORDS = List.of(
            "simple",
            "p@ss#w%rd:/ \"'$ \\`",
            "100%",
            "%41",
            "a+b c",
            " at the ends ",
            "\\",
            "$(touch x); `id` && $HOME",
            "{vault://env/x} *?~!",
            "k: [yes, {no}] # & * ! | > on",
            "p\u00e4ssw\u00f6rd \u5bc6\u7801 \ud83d\udd11",
            "http://evil.example:1@");

    private static final ListenerSettings PLAIN = Listeners.plain("10.0.0.5:3128");
    private static final ListenerSettings USERS =
            Listeners.listener("10.0.0.5:3128", Optional.empty(), Optional.of("none"));
    private static final ListenerSettings TLS =
            Listeners.listener("10.0.0.5:3129", Optional.of(Listeners.files("none.crt")), Optional.empty());
    private static final ListenerSettings TLS_USERS =
            Listeners.listener("10.0.0.5:3129", Optional.of(Listeners.files("none.crt")), Optional.of("none"));

    @TempDir
    private Path directory;

    private static List<String> lines(KongFormat format, KongOptions options, ListenerSettings... listeners)
            throws Exception {
        return format.lines(new KongListeners(Listeners.configuration(listeners), options).found());
    }

    @Test
    void a_plain_listener_takes_two_settings() throws Exception {
        assertThat(KongReader.file(lines(KongFormat.KONG_CONF, Listeners.NONE, PLAIN)))
                .isEqualTo(Map.of("proxy_server", "http://10.0.0.5:3128", "cluster_use_proxy", "on"));
    }

    @Test
    void a_tls_listener_is_verified_besides() throws Exception {
        assertThat(KongReader.file(lines(KongFormat.KONG_CONF, Listeners.host("proxy.corp.example"), TLS)))
                .isEqualTo(Map.of(
                        "proxy_server", "https://proxy.corp.example:3129",
                        "proxy_server_ssl_verify", "on",
                        "lua_ssl_trusted_certificate", "system,/etc/kong/konnect-proxy-ca.crt",
                        "cluster_use_proxy", "on"));
    }

    @ParameterizedTest
    @FieldSource("PASSWORDS")
    void kong_reads_from_its_file(String password) throws Exception {
        Map<String, String> read =
                KongReader.file(lines(KongFormat.KONG_CONF, Listeners.login("d p", password), USERS));
        assertThat(KongReader.url(read.get("proxy_server")))
                .containsExactly("http", "proxy.corp.example", "3128", "d p", password);
    }

    @ParameterizedTest
    @FieldSource("PASSWORDS")
    void other_readers_of_addresses_agree(String password) {
        String text = new ProxyUrl(
                        false,
                        "proxy.corp.example",
                        3128,
                        Optional.of(
                                new ProxyUrl.Login("d\u00e4p", Optional.of(new io.konnectproxy.keys.Secret(password)))))
                .text();
        assertThat(text).matches("[A-Za-z0-9._~%:/@-]+");
        URI uri = URI.create(text);
        assertThat(uri.getUserInfo()).isEqualTo("d\u00e4p:" + password);
        assertThat(uri.getHost()).isEqualTo("proxy.corp.example");
        HttpUrl url = HttpUrl.get(text);
        assertThat(url.username()).isEqualTo("d\u00e4p");
        assertThat(url.password()).isEqualTo(password);
        assertThat(url.port()).isEqualTo(3128);
    }

    @ParameterizedTest
    @FieldSource("PASSWORDS")
    void a_shell_and_an_environment_file_read_the_same(String password) throws Exception {
        List<String> lines = lines(KongFormat.ENV, Listeners.login("dp", password), TLS_USERS);
        Map<String, String> byShell =
                sh("set -a\n" + String.join("\n", lines) + "\nset +a\nexec env -0 | grep -z ^KONG_");
        assertThat(byShell)
                .containsOnlyKeys(
                        "KONG_PROXY_SERVER",
                        "KONG_PROXY_SERVER_SSL_VERIFY",
                        "KONG_LUA_SSL_TRUSTED_CERTIFICATE",
                        "KONG_CLUSTER_USE_PROXY");
        assertThat(KongReader.url(byShell.get("KONG_PROXY_SERVER"))).endsWith("dp", password);
        Map<String, String> byDocker = new TreeMap<>();
        lines.stream()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> byDocker.put(line.split("=", 2)[0], line.split("=", 2)[1]));
        assertThat(byDocker).isEqualTo(byShell);
    }

    @ParameterizedTest
    @FieldSource("PASSWORDS")
    void docker_is_given(String password) throws Exception {
        List<String> lines = lines(KongFormat.DOCKER, Listeners.login("dp", password), TLS_USERS);
        Map<String, String> arguments =
                sh("docker() { i=0; for a; do i=$((i+1)); printf '%s=%s\\0' $i \"$a\"; done; }\ncd /tmp\n"
                        + String.join("\n", lines));
        List<String> given = arguments.values().stream().toList();
        assertThat(given)
                .contains("run", "-d", "kong/kong-gateway", "KONG_CLUSTER_USE_PROXY=on")
                .contains("KONG_LUA_SSL_TRUSTED_CERTIFICATE=system,/etc/kong/konnect-proxy-ca.crt")
                .contains("/tmp/konnect-proxy-ca.crt:/etc/kong/konnect-proxy-ca.crt:ro");
        String url = given.stream()
                .filter(argument -> argument.startsWith("KONG_PROXY_SERVER="))
                .findFirst()
                .orElseThrow();
        assertThat(KongReader.url(url.substring(url.indexOf('=') + 1))).endsWith("dp", password);
    }

    @ParameterizedTest
    @FieldSource("PASSWORDS")
    void helm_has_the_address_from_a_secret(String password) throws Exception {
        List<String> lines = lines(KongFormat.HELM, Listeners.login("dp", password), TLS_USERS);
        JsonNode values = new YAMLMapper().readTree(String.join("\n", lines));
        JsonNode reference =
                values.path("env").path("proxy_server").path("valueFrom").path("secretKeyRef");
        assertThat(values.path("env").path("cluster_use_proxy").stringValue()).isEqualTo("on");
        assertThat(values.path("env").path("proxy_server_ssl_verify").stringValue())
                .isEqualTo("on");
        assertThat(values.path("env").path("lua_ssl_trusted_certificate").stringValue())
                .isEqualTo("system,/etc/secrets/konnect-proxy-ca/ca.crt");
        assertThat(values.path("secretVolumes").toString()).isEqualTo("[\"kong-cluster-cert\",\"konnect-proxy-ca\"]");

        String command = lines.stream()
                .filter(line -> line.contains("printf"))
                .map(line -> line.substring(1))
                .findFirst()
                .orElseThrow();
        Map<String, String> stored =
                sh("kubectl() { printf '%s=' \"$(echo \"$4 $5\" | tr = :)\"; cat; printf '\\0'; }\n" + command);
        String name = reference.path("name").stringValue() + " --from-file:"
                + reference.path("key").stringValue() + ":/dev/stdin";
        assertThat(stored).containsOnlyKeys(name);
        assertThat(KongReader.url(stored.get(name))).endsWith("dp", "PASSWORD");
        assertThat(KongFormat.HELM.warnings(
                        new KongListeners(Listeners.configuration(TLS_USERS), Listeners.login("dp", password)).found()))
                .as("told where the password goes")
                .hasSize(1);
    }

    @Test
    void helm_has_the_address_itself_where_nothing_is_secret() throws Exception {
        JsonNode values = new YAMLMapper().readTree(String.join("\n", lines(KongFormat.HELM, Listeners.NONE, PLAIN)));
        assertThat(values.toString())
                .isEqualTo("{\"env\":{\"proxy_server\":\"http://10.0.0.5:3128\",\"cluster_use_proxy\":\"on\"}}");
    }

    @ParameterizedTest
    @FieldSource("PASSWORDS")
    void go_programs_are_given(String password) throws Exception {
        List<String> lines = lines(KongFormat.DECK, Listeners.login("dp", password), USERS);
        Map<String, String> read = sh("set -a\n" + String.join("\n", lines) + "\nexec env -0 | grep -z _PROXY=");
        assertThat(URI.create(read.get("HTTPS_PROXY")).getUserInfo()).isEqualTo("dp:" + password);
        assertThat(read.get("NO_PROXY")).doesNotContain(" ");
    }

    @Test
    void go_programs_proxy_konnect_and_nothing_of_their_cluster() throws Exception {
        List<String> lines = lines(KongFormat.DECK, Listeners.NONE, PLAIN);
        assertThat(lines).anyMatch(line -> line.startsWith("# Add the service and pod blocks of your cluster"));
        String noProxy = lines.stream()
                .filter(line -> line.startsWith("NO_PROXY="))
                .map(line -> line.substring("NO_PROXY=".length()))
                .findFirst()
                .orElseThrow();
        assertThat(List.of("us.api.konghq.com", "us.kic.api.konghq.com", "us.svc.konghq.com", "203.0.113.7"))
                .allMatch(host -> GoProxyRules.uses(noProxy, host));
        assertThat(List.of(
                        "kubernetes.default.svc",
                        "kong-admin.kong.svc.cluster.local",
                        "10.96.0.1",
                        "172.20.0.1",
                        "100.64.0.1",
                        "100.127.255.254",
                        "192.168.3.4",
                        "fd00::1",
                        "localhost"))
                .noneMatch(host -> GoProxyRules.uses(noProxy, host));
    }

    @Test
    void mesh_is_warned_of_tls() throws Exception {
        List<KongListener> listeners =
                new KongListeners(Listeners.configuration(PLAIN, TLS), Listeners.host("proxy.corp.example")).found();
        assertThat(KongFormat.DECK.warnings(listeners))
                .containsExactly("Kong Mesh cannot use a TLS listener: it speaks plain http to a proxy"
                        + " (Listener 10.0.0.5:3129: TLS, no credentials)");
        assertThat(KongFormat.ENV.warnings(listeners)).isEmpty();
        assertThat(KongFormat.DECK.lines(listeners))
                .contains(
                        "# decK, Kong Ingress Controller, Kong Operator, Terraform, kongctl, Kong Mesh.",
                        "SSL_CERT_DIR=/etc/ssl/certs:/etc/konnect-proxy-ca");
    }

    @Test
    void each_listener_has_its_block() throws Exception {
        List<String> lines = lines(KongFormat.HELM, Listeners.host("proxy.corp.example"), PLAIN, TLS);
        List<JsonNode> documents = new YAMLMapper()
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(String.join("\n", lines))
                .readAll();
        assertThat(documents)
                .extracting(
                        document -> document.path("env").path("proxy_server").stringValue())
                .containsExactly("http://proxy.corp.example:3128", "https://proxy.corp.example:3129");
    }

    @Test
    void a_line_end_in_a_file_name_ends_no_comment() throws Exception {
        ListenerSettings hostile = Listeners.listener(
                "10.0.0.5:3129",
                Optional.of(Listeners.files("x\nproxy_server = http://evil.example:1")),
                Optional.of("y\nz"));
        for (KongFormat format : KongFormat.values()) {
            assertThat(lines(format, Listeners.host("proxy.corp.example"), hostile))
                    .noneMatch(line -> line.startsWith("proxy_server = http://evil") || line.contains("\n"));
        }
    }

    /** What a script prints, each value as {@code name=value} with a zero behind. */
    private Map<String, String> sh(String script) throws Exception {
        Path file = Files.writeString(directory.resolve("script"), script + "\n");
        Process process = new ProcessBuilder("timeout", "20", "sh", "-eu", file.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        Map<String, String> values = new TreeMap<>();
        for (String entry : output.substring(0, output.length() - 1).split("\0", -1)) {
            values.put(entry.split("=", 2)[0], entry.split("=", 2)[1]);
        }
        return values;
    }
}
