package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code explain} says where clients have rules of their own. */
class ExplainClientTest {
    private static final String CP = "{control-plane}.{region}.cp0.konghq.com, purpose data-plane";
    private static final String CLIENTS = """
            clients:
              - { name: payments, user: dp-payments, regions: [eu], control-planes: [36fc5d01be] }
              - { name: wide, source: 10.0.0.0/8, regions: [us] }
              - { name: narrow, source: 10.1.0.0/16, regions: [eu] }
            """;

    @TempDir
    private Path directory = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void configure() throws IOException {
        Path users =
                Files.writeString(directory.resolve("users.htpasswd"), "dp-payments:$2y$10$" + ".".repeat(53) + "\n");
        file = directory.resolve("konnect-proxy.yaml");
        write("listen: [{ address: 0.0.0.0:3128, credentials: " + users
                + ", sources: [10.0.0.0/8, 192.0.2.0/24] }]\nregions: [us]\n" + CLIENTS);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        36fc5d01be.eu.cp0.konghq.com:443 | --client 10.1.2.3 --user dp-payments | 0 | permitted: konnect_host, @CP, region eu, control plane 36fc5d01be (pinned) | client: the entry 'payments' is for it, by its user 'dp-payments'
        0646a7d680.eu.cp0.konghq.com:443 | --client 10.1.2.3 --user dp-payments | 1 | refused: control_plane_not_pinned, 403 Control plane is not pinned. Add the control plane's prefix to control-planes of the client entry 'payments'. | client: the entry 'payments' is for it, by its user 'dp-payments'
        0646a7d680.eu.cp0.konghq.com:443 | --client 10.1.2.3        | 0 | permitted: konnect_host, @CP, region eu, control plane 0646a7d680 (none is pinned) | client: the entry 'narrow' is for it, by its address in 10.1.0.0/16
        us.api.konghq.com:443            | --client ::ffff:10.1.2.3 | 1 | refused: region_not_enabled, 403 Konnect region is not enabled. Add us to regions of the client entry 'narrow'. | client: the entry 'narrow' is for it, by its address in 10.1.0.0/16
        us.api.konghq.com:443            | --client 10.2.0.1        | 0 | permitted: konnect_host, {region}.api.konghq.com, purpose api, region us | client: the entry 'wide' is for it, by its address in 10.0.0.0/8
        eu.api.konghq.com:443            | --client 192.0.2.1       | 1 | refused: region_not_enabled, 403 Konnect region is not enabled. Add eu to regions. | client: no entry of clients is for it, so the rules of all hold
        """)
    void says_whose_rules_decide(String target, String options, int code, String verdict, String client) {
        Ended ended = explain(target, options.split(" "));

        assertThat(ended.lines()).containsExactly(verdict.replace("@CP", CP), client);
        assertThat(ended.code()).isEqualTo(code);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        --client 10.1.2.3 --user DP-payments | note: no credentials file has the user 'DP-payments', so nobody comes in as that
        --client 10.1.2.3 --certificate a.b  | note: no listener asks clients for a certificate (tls.client-ca), so nobody comes in with one
        --user dp-payments                   | note: without --client the address is taken to be 127.0.0.1
        """)
    void says_what_keeps_such_a_client_from_coming(String options, String note) {
        assertThat(explain("us.api.konghq.com:443", options.split(" ")).lines())
                .hasSize(3)
                .last()
                .isEqualTo(note);
    }

    @Test
    void refuses_whom_no_listener_lets_in() {
        Ended ended = explain("us.api.konghq.com:443", "--client", "198.51.100.7");

        assertThat(ended.lines())
                .singleElement()
                .asString()
                .startsWith("refused: source_not_allowed, 403 Client address is not permitted here.");
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void says_that_nobody_is_a_user_where_no_listener_demands_credentials() throws IOException {
        write("regions: [us]\n");
        Ended ended = explain("us.api.konghq.com:443", "--user", "dp-payments");

        assertThat(ended.lines())
                .containsExactly(
                        "permitted: konnect_host, {region}.api.konghq.com, purpose api, region us",
                        "note: no listener demands credentials, so nobody comes in as a user");
        assertThat(ended.code()).as("the verdict's").isZero();
    }

    @Test
    void says_that_clients_only_leaves_nothing_to_whoever_has_no_entry() throws IOException {
        write(Files.readString(file) + "clients-only: true\n");
        Ended ended = explain("us.api.konghq.com:443", "--client", "192.0.2.1");

        assertThat(ended.lines())
                .containsExactly(
                        "refused: client_not_listed, 403 Client has no rules here. Add an entry for this client to"
                                + " clients, or set clients-only to false.",
                        "client: no entry of clients is for it, and clients-only leaves it nothing");
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void an_address_that_is_none_is_misused() {
        for (String address : List.of("dp-1.corp", "10.0.0.0/8", "010.0.0.1", "")) {
            Ended ended = explain("us.api.konghq.com:443", "--client", address);
            assertThat(ended.code()).isEqualTo(64);
            assertThat(ended.err()).startsWith("--client '" + address + "' is no IP address");
        }
    }

    private record Ended(int code, List<String> lines, String err) {}

    private Ended explain(String target, String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of("explain", target, "-c", file.toString()));
        Stream.of(options).forEach(arguments::add);
        int code = KonnectProxyCommand.execute(
                new PrintWriter(out), new PrintWriter(err), Map.of(), arguments.toArray(String[]::new));
        return new Ended(code, out.toString().lines().toList(), err.toString());
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }
}
