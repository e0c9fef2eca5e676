package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.LiveEvents;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the live page is told of a running proxy. */
@Timeout(60)
class LivePageIT {
    private static final String EU = "1234567890.eu.cp0.konghq.com";
    private static final String RULES = "regions: [us]\ncontrol-planes: [0646a7d680]\npurposes: [data-plane]\n";
    private static final String HOSTILE_USER = "</script><b>\"\u00e9'&";
    private static final String HASH = "$2y$04$abcdefghijklmnopqrstuunm.LFApfgYcKLyNlf/c2CkfxFy4dOby";
    private static final String PASSWORD = "kong to konnect";

    @TempDir
    private Path directory = Path.of("");

    @AutoClose
    private Rig rig;

    private void start(String more) throws Exception {
        rig = new Rig(Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream())), more);
    }

    private LiveEvents watch(String query) throws IOException {
        return new LiveEvents(rig.proxy().admin(), query, "");
    }

    private String users() throws IOException {
        return Files.writeString(directory.resolve("users"), HOSTILE_USER + ":" + HASH + "\nalice:" + HASH + "\n")
                .toString();
    }

    private static String basic(String field, String user) {
        return field + ": Basic " + Base64.getEncoder().encodeToString((user + ":" + PASSWORD).getBytes(UTF_8))
                + "\r\n";
    }

    private int refused(String host) throws IOException {
        try (RawClient client = rig.client()) {
            return client.connect(host).answer().status();
        }
    }

    @Test
    void a_state_says_how_things_stand() throws Exception {
        start(RULES);
        try (RawClient tunnel = rig.openTunnel();
                LiveEvents viewer = watch("")) {
            JsonNode state = viewer.awaitState(
                    each -> each.path("controlPlanes").path(0).path("connected").asBoolean());
            assertThat(state.path("ready").asBoolean()).isTrue();
            assertThat(state.path("reasons")).isEmpty();
            assertThat(state.path("time").asString()).matches("20..-..-..T..:..:..\\.\\d{6}Z");
            JsonNode configuration = state.path("configuration");
            assertThat(configuration.path("digest").asString())
                    .isEqualTo(rig.proxy().reloads().inForce().digest());
            assertThat(configuration.path("mode").asString()).isEqualTo("enforce");
            assertThat(configuration.path("regions").toString()).isEqualTo("[\"us\"]");
            assertThat(configuration.path("reload").toString())
                    .isEqualTo("{\"result\":\"none\",\"at\":null,\"problems\":[]}");
            assertThat(state.path("connections").toString()).isEqualTo("{\"used\":1,\"most\":10000}");
            assertThat(state.path("memory").path("used").asLong()).isPositive();
            assertThat(state.path("descriptors").path("most").asLong()).isPositive();
            assertThat(state.path("decisions").path("permitted").asLong()).isEqualTo(1);
            assertThat(state.path("audit").path("to").asString())
                    .isEqualTo(rig.auditFile().toString());
            assertThat(state.path("audit").path("available").asBoolean()).isTrue();
            assertThat(state.path("dns").path("servers")).hasSize(1);
            assertThat(state.path("listeners").toString())
                    .isEqualTo("[{\"address\":\"127.0.0.1:" + rig.address().getPort()
                            + "\",\"tls\":false,\"demands\":[]}]");
            assertThat(state.path("controlPlanes").toString())
                    .isEqualTo("[{\"label\":\"0646a7d680\",\"connected\":true}]");
            assertThat(state.path("viewers").asInt()).isEqualTo(1);
            assertThat(tunnel.socket().isClosed()).isFalse();
        }
    }

    @Test
    void a_tunnel_is_listed_with_what_it_carries_and_gone_when_it_has_ended() throws Exception {
        start(RULES);
        try (LiveEvents viewer = watch("")) {
            try (RawClient client = rig.openTunnel()) {
                byte[] bytes = new byte[100_000];
                client.say(bytes);
                assertThat(client.socket().getInputStream().readNBytes(bytes.length))
                        .isEqualTo(bytes);
                JsonNode tunnels = viewer.awaitState(state -> state.path("tunnels")
                                        .path("shown")
                                        .path(0)
                                        .path("down")
                                        .asLong()
                                > 100_000)
                        .path("tunnels");
                JsonNode shown = tunnels.path("shown").path(0);
                assertThat(tunnels.path("open").asInt()).isEqualTo(1);
                assertThat(tunnels.path("matching").asInt()).isEqualTo(1);
                assertThat(tunnels.path("bytesDown").asLong())
                        .isEqualTo(shown.path("down").asLong());
                JsonNode line =
                        rig.audit().await(each -> AuditLines.text(each, "event").equals("decision"));
                assertThat(shown.path("id").asString()).isEqualTo(AuditLines.text(line, "id"));
                assertThat(shown.path("client").asString()).isEqualTo("127.0.0.1");
                assertThat(shown.path("user").isNull()).isTrue();
                assertThat(shown.path("listener").asString()).isEqualTo(AuditLines.text(line, "listener"));
                assertThat(shown.path("host").asString()).isEqualTo(Rig.HOST);
                assertThat(shown.path("purpose").asString()).isEqualTo("data-plane");
                assertThat(shown.path("region").asString()).isEqualTo("us");
                assertThat(shown.path("controlPlane").asString()).isEqualTo("0646a7d680");
                assertThat(shown.path("upstream").asString()).isEqualTo("127.0.0.1");
                assertThat(shown.path("parent").isNull()).isTrue();
                assertThat(shown.path("up").asLong())
                        .isEqualTo(shown.path("down").asLong());
                client.say(bytes);
                assertThat(client.socket().getInputStream().readNBytes(bytes.length))
                        .hasSize(bytes.length);
                viewer.awaitState(state -> state.path("tunnels")
                                        .path("shown")
                                        .path(0)
                                        .path("upPerSecond")
                                        .asDouble()
                                > 1_000
                        && state.path("tunnels").path("upPerSecond").asDouble() > 1_000);
            }
            viewer.awaitState(state -> state.path("tunnels").path("open").asInt() == 0);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        ''; 0646a7d680.us.cp0.konghq.com 0646a7d680.us.tp0.konghq.com abcdef1234.us.cp0.konghq.com; 3; 3
        ?sort=-host; abcdef1234.us.cp0.konghq.com 0646a7d680.us.tp0.konghq.com 0646a7d680.us.cp0.konghq.com; 3; 3
        ?sort=age; abcdef1234.us.cp0.konghq.com 0646a7d680.us.tp0.konghq.com 0646a7d680.us.cp0.konghq.com; 3; 3
        ?sort=up; 0646a7d680.us.tp0.konghq.com abcdef1234.us.cp0.konghq.com 0646a7d680.us.cp0.konghq.com; 3; 3
        ?find=TP0; 0646a7d680.us.tp0.konghq.com; 1; 0
        ?find=0646a&sort=host; 0646a7d680.us.cp0.konghq.com 0646a7d680.us.tp0.konghq.com; 2; 2
        ?find=127.0.0.1; 3; 3; 3
        ?find=nobody; ''; 0; 0
        """)
    void finds_and_sorts(String query, String hosts, int matching, int planes) throws Exception {
        start("regions: [us]\n");
        // The oldest first; what each carries is in another order.
        List<String> opened =
                List.of("abcdef1234.us.cp0.konghq.com", "0646a7d680.us.tp0.konghq.com", "0646a7d680.us.cp0.konghq.com");
        List<Integer> sizes = List.of(2_000, 3_000, 1_000);
        List<RawClient> clients = new java.util.ArrayList<>();
        for (int i = 0; i < opened.size(); i++) {
            RawClient client = rig.client();
            clients.add(client);
            assertThat(client.connect(opened.get(i)).answer().status()).isEqualTo(200);
            byte[] hello = Hellos.padded(opened.get(i), sizes.get(i));
            client.say(hello);
            assertThat(client.socket().getInputStream().readNBytes(hello.length))
                    .hasSize(hello.length);
        }
        try (LiveEvents viewer = watch(query.isEmpty() ? "?sort=host" : query)) {
            JsonNode state =
                    viewer.awaitState(each -> each.path("tunnels").path("open").asInt() == 3);
            assertThat(state.path("tunnels").path("matching").asInt()).isEqualTo(matching);
            assertThat(state.path("dataPlanes").path("shown")).hasSize(planes);
            List<String> shown = state.path("tunnels")
                    .path("shown")
                    .valueStream()
                    .map(each -> each.path("host").asString())
                    .toList();
            if (hosts.equals("3")) {
                assertThat(shown).hasSize(3);
            } else {
                assertThat(String.join(" ", shown)).isEqualTo(hosts);
            }
        }
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void who_is_refused_and_why_has_the_hint_of_its_line() throws Exception {
        start(RULES);
        try (LiveEvents viewer = watch("")) {
            assertThat(viewer.next("decisions").toString()).isEqualTo("{\"more\":0,\"shown\":[]}");
            for (int i = 0; i < 6; i++) {
                assertThat(refused(EU)).isEqualTo(403);
            }
            JsonNode decision = viewer.next("decisions").path("shown").path(0);
            JsonNode line =
                    rig.audit().await(each -> AuditLines.text(each, "event").equals("decision"));
            String hint = AuditLines.text(line, "hint");
            assertThat(hint).isNotEmpty();
            assertThat(decision.path("id").asString()).isEqualTo(AuditLines.text(line, "id"));
            assertThat(decision.path("time").asString()).isEqualTo(AuditLines.text(line, "time"));
            assertThat(decision.path("target").asString()).isEqualTo(EU + ":443");
            assertThat(decision.path("verdict").asString()).isEqualTo("refused");
            assertThat(decision.path("reason").asString()).isEqualTo("region_not_enabled");
            assertThat(decision.path("remedy").asString()).isEqualTo(hint);
            JsonNode state = viewer.awaitState(
                    each -> !each.path("dataPlanes").path("shown").isEmpty()
                            && each.path("dataPlanes")
                                            .path("shown")
                                            .path(0)
                                            .path("refusals")
                                            .asInt()
                                    == 6
                            && each.path("decisions").path("refused").asLong() == 6);
            JsonNode plane = state.path("dataPlanes").path("shown").path(0);
            assertThat(plane.path("troubles").toString()).isEqualTo("[\"refused\"]");
            assertThat(plane.path("controlPlane").asString()).isEqualTo("1234567890");
            assertThat(plane.path("refusal").path("token").asString()).isEqualTo("region_not_enabled");
            assertThat(plane.path("refusal").path("remedy").asString()).isEqualTo(hint);
            assertThat(state.path("refusals").path(0).path("token").asString()).isEqualTo("region_not_enabled");
            assertThat(state.path("refusals").path(0).path("count").asLong()).isEqualTo(6);
            assertThat(state.path("decisions").path("refused").asLong()).isEqualTo(6);
        }
    }

    @Test
    void what_report_only_lets_through_is_neither_permitted_nor_refused() throws Exception {
        start(RULES + "mode: report-only\n");
        try (LiveEvents viewer = watch("")) {
            viewer.next("decisions");
            assertThat(refused(EU)).isEqualTo(200);
            JsonNode decision = viewer.next("decisions").path("shown").path(0);
            assertThat(decision.path("verdict").asString()).isEqualTo("unenforced");
            assertThat(decision.path("reason").asString()).isEqualTo("region_not_enabled");
            JsonNode state = viewer.awaitState(
                    each -> each.path("decisions").path("unenforced").asInt() == 1);
            assertThat(state.path("configuration").path("mode").asString()).isEqualTo("report-only");
            assertThat(state.path("decisions").path("refused").asLong()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"><script>alert(1)</script>:443",
                "a\u0001\u001b[2J\u007f.konghq.com:443",
                "\u00e2\u0080\u00a8\u00e2\u0080\u00a9:443",
                "user:secret@host:443",
                "LONG"
            })
    void a_hostile_target_breaks_nothing(String target) throws Exception {
        start(RULES + "limits: {head-bytes: 64KiB}\n");
        try (Socket socket =
                new Socket(rig.address().getAddress(), rig.address().getPort())) {
            String asked = target.equals("LONG") ? "<a\">".repeat(15 << 10) : target;
            socket.getOutputStream().write(("CONNECT " + asked + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
                    .startsWith("HTTP/1.1 4");
        }
        // The viewer looks at every byte of it.
        try (LiveEvents viewer = watch("")) {
            JsonNode decision = viewer.next("decisions").path("shown").path(0);
            assertThat(decision.path("verdict").asString()).isEqualTo("refused");
            assertThat(decision.path("target").asString("")).doesNotContain("<", "secret", "\u001b");
        }
    }

    @Test
    void a_hostile_user_is_named_exactly() throws Exception {
        start("regions: [us]\nlisten: [{address: \"127.0.0.1:0\", credentials: \"" + users() + "\"}]\n");
        try (RawClient client = rig.client();
                LiveEvents viewer = watch("?find=%3C%2FSCRIPT%3E")) {
            client.say("CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + ":443\r\n"
                    + basic("Proxy-Authorization", HOSTILE_USER) + "\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
            client.say(Hellos.naming(Rig.HOST));
            JsonNode state = viewer.awaitState(
                    each -> each.path("tunnels").path("matching").asInt() == 1
                            && each.path("dataPlanes").path("shown").size() == 1);
            assertThat(state.path("tunnels").path("shown").path(0).path("user").asString())
                    .isEqualTo(HOSTILE_USER);
            assertThat(state.path("listeners").path(0).path("demands").toString())
                    .isEqualTo("[\"user\"]");
        }
    }

    @Test
    void a_reload_changes_who_may_see_it_and_is_told() throws Exception {
        start(RULES);
        try (LiveEvents viewer = watch("")) {
            viewer.next("state");
            assertThatThrownBy(() -> rig.reload("admin: {address: \"127.0.0.1:1\"}\n"))
                    .isInstanceOf(ReloadRefusedException.class);
            rig.proxy().refuseReload(List.of("konnect-proxy.yaml:1: <b>wrong</b>"));
            JsonNode refused = viewer.awaitState(state ->
                    !state.path("configuration").path("reload").path("problems").isEmpty());
            assertThat(refused.path("configuration")
                            .path("reload")
                            .path("result")
                            .asString())
                    .isEqualTo("failure");
            assertThat(refused.path("configuration")
                            .path("reload")
                            .path("problems")
                            .path(0)
                            .asString())
                    .isEqualTo("konnect-proxy.yaml:1: <b>wrong</b>");
            rig.reload(RULES + "admin: {address: \"127.0.0.1:0\", credentials: \"" + users() + "\"}\n");
            assertThat(viewer.ends()).as("it came without credentials").isTrue();
        }
        try (LiveEvents nobody = watch("");
                LiveEvents alice = new LiveEvents(rig.proxy().admin(), "", basic("Authorization", "alice"))) {
            assertThat(nobody.head().get(0)).contains("401");
            assertThat(alice.next("state")
                            .path("configuration")
                            .path("reload")
                            .path("result")
                            .asString())
                    .isEqualTo("success");
            rig.reload(RULES + "admin: {address: \"127.0.0.1:0\", page: false}\n");
            assertThat(alice.ends()).isTrue();
        }
        try (LiveEvents off = watch("")) {
            assertThat(off.head().get(0)).contains("404");
        }
        rig.reload(RULES);
        try (LiveEvents again = watch("")) {
            again.next("state");
        }
    }

    @Test
    void beyond_loopback_it_stays_off_without_credentials() throws Exception {
        start(RULES + "admin: {address: \"0.0.0.0:0\"}\n");
        var anywhere = new java.net.InetSocketAddress(
                java.net.InetAddress.getLoopbackAddress(), rig.proxy().admin().getPort());
        try (LiveEvents viewer = new LiveEvents(anywhere)) {
            assertThat(viewer.head().get(0)).contains("404");
        }
        try (RawClient client = new RawClient(anywhere)) {
            client.say("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            assertThat(client.answer().body())
                    .isEqualTo(
                            "There are /healthz, /readyz and /metrics here.\nThe live page is off, for admin.address is not a"
                                    + " loopback address, and admin.credentials names no users file.\n");
        }
        rig.reload(RULES + "admin: {address: \"0.0.0.0:0\", credentials: \"" + users() + "\"}\n");
        try (LiveEvents viewer = new LiveEvents(anywhere, "", basic("Authorization", "alice"))) {
            viewer.next("state");
        }
    }

    @Test
    void streams_end_with_the_proxy() throws Exception {
        start(RULES);
        try (LiveEvents viewer = watch("")) {
            viewer.next("state");
            rig.proxy().close();
            assertThat(viewer.ends()).isTrue();
        }
    }
}
