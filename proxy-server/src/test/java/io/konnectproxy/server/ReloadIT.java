package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A changed configuration is in force as a whole or not at all, and the trail says from when. */
class ReloadIT {
    private static final Origin.Conversation ECHO =
            upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream());
    private static final String USERS = "somebody:$2y$05$abcdefghijklmnopqrstuuK6PMFfAfKHeTBnzvPTBn6KRsgfMXmNK\n";
    private static final String OTHER = "ffffffffff.us.cp0.konghq.com";

    /** What makes an open tunnel to {@link Rig#HOST} one that the configuration refuses. */
    private enum Change {
        REGION("regions: [us]\n", "regions: [eu]\n", "regions"),
        PURPOSE("regions: [us]\n", "regions: [us]\npurposes: [platform]\n", "purposes"),
        PIN("regions: [us]\n", "control-planes: [ffffffffff]\n", "control_planes"),
        EXTRA_HOST(
                "regions: [eu]\nextra-hosts: [{name: own, host: " + Rig.HOST + "}]\n",
                "regions: [eu]\n",
                "extra_hosts"),
        MODE("regions: [eu]\nmode: report-only\n", "regions: [eu]\nmode: enforce\n", "mode"),
        CLIENTS_ONLY(
                "regions: [us]\n",
                "regions: [us]\nclients-only: true\nclients: [{name: a, source: 10.0.0.0/8}]\n",
                "clients"),
        CLIENT(
                "regions: [us]\n",
                "regions: [us]\nclients: [{name: a, source: 127.0.0.1/32, regions: [eu]}]\n",
                "clients"),
        SOURCES("regions: [us]\n", "listen: [{address: \"127.0.0.1:0\", sources: [10.0.0.0/8]}]\n", "listeners"),
        CREDENTIALS("regions: [us]\n", "listen: [{address: \"127.0.0.1:0\", credentials: USERS}]\n", "listeners"),
        PROXY_HEADER(
                "regions: [us]\n",
                "listen: [{address: \"127.0.0.1:0\", proxy-protocol: [127.0.0.0/8]}]\n",
                "listeners"),
        LISTENER("regions: [us]\n", "listen: [{address: \"127.0.0.2:0\"}]\n", "listen"),
        ADDRESSES("regions: [us]\n", "permit-addresses: [10.0.0.0/8]\n", "permit_addresses");

        private final String before;
        private final String after;
        private final String setting;

        Change(String before, String after, String setting) {
            this.before = before;
            this.after = after;
            this.setting = setting;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_tunnel_that_is_refused_now_ends(Change change) throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), change.before);
                RawClient open = rig.openTunnel()) {
            Path users = rig.directory().resolve("users");
            Files.writeString(users, USERS);
            ProxyServer.Reloaded reloaded = rig.reload(change.after.replace("USERS", users.toString()));
            assertThat(reloaded.ended()).isEqualTo(1);
            assertThat(reloaded.changes()).anyMatch(each -> each.key().equals(change.setting));
            assertThat(open.atEnd()).isTrue();
            JsonNode end = rig.audit().await(line -> "tunnel".equals(AuditLines.text(line, "event")));
            assertThat(AuditLines.text(end, "outcome")).isEqualTo("policy_changed");
            JsonNode configuration = rig.audit()
                    .await(line -> "reload".equals(line.path("occasion").asString("")));
            assertThat(configuration.path("changed").toString()).contains(change.setting);
        }
    }

    /** The same, and what decides about it is what does not change. */
    private enum Harmless {
        NOTHING(""),
        REGION("regions: [us, eu]\n"),
        PIN("control-planes: [0646a7d680]\n"),
        TIMEOUTS("timeouts: {idle: 1h, connect: 2s}\n"),
        LIMITS("limits: {tunnels: 1}\n"),
        SOURCES("listen: [{address: \"127.0.0.1:0\", sources: [127.0.0.0/8]}]\n"),
        SECOND_LISTENER("listen: [{address: \"127.0.0.1:0\"}, {address: \"127.0.0.2:0\"}]\n"),
        CLIENT("regions: [eu]\nclients: [{name: a, source: 127.0.0.1/32, regions: [us]}]\n"),
        DNS("dns: {servers: [\"127.0.0.1:9\"]}\n"),
        PARENT("parents: [{url: \"http://192.0.2.1:3128\"}]\n");

        private final String after;

        Harmless(String after) {
            this.after = after;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_tunnel_that_stays_permitted_loses_no_byte(Harmless change) throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "regions: [us]\n");
                RawClient open = rig.openTunnel()) {
            assertThat(rig.reload(change.after).ended()).isZero();
            open.say("still here");
            assertThat(new String(open.socket().getInputStream().readNBytes(10), US_ASCII))
                    .isEqualTo("still here");
        }
    }

    @Test
    void a_request_is_judged_by_what_is_in_force_when_its_head_is_complete() throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "regions: [us]\n");
                RawClient half = rig.client().say("CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\n")) {
            Await.until("the connection is counted", () -> rig.proxy().connections() == 1);
            rig.reload("regions: [eu]\n");
            RawClient.Answer answer =
                    half.say("Host: " + Rig.HOST + ":443\r\n\r\n").answer();
            assertThat(answer.reason()).isEqualTo("region_not_enabled");
        }
    }

    /** What was demanded of a connection when it began is not what is demanded now. */
    private enum Demand {
        PROXY_HEADER("proxy-protocol: [127.0.0.0/8]", "configuration_changed"),
        SOURCES("sources: [10.0.0.0/8]", "source_not_allowed"),
        CREDENTIALS("credentials: USERS", "credentials_required");

        private final String listener;
        private final String reason;

        Demand(String listener, String reason) {
            this.listener = listener;
            this.reason = reason;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_connection_without_a_request_must_meet_the_new_demands(Demand demand) throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "regions: [us]\n");
                RawClient half = rig.client().say("CONNECT ")) {
            Path users = rig.directory().resolve("users");
            Files.writeString(users, USERS);
            Await.until("the connection is counted", () -> rig.proxy().connections() == 1);
            rig.reload("listen: [{address: \"127.0.0.1:0\", " + demand.listener.replace("USERS", users.toString())
                    + "}]\n");
            RawClient.Answer answer = half.say(Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + ":443\r\n\r\n")
                    .answer();
            assertThat(answer.reason()).isEqualTo(demand.reason);
        }
    }

    @Test
    void a_connection_of_a_removed_listener_is_refused() throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "regions: [us]\n");
                RawClient half = rig.client().say("CONNECT ")) {
            InetSocketAddress before = rig.address();
            Await.until("the connection is counted", () -> rig.proxy().connections() == 1);
            rig.reload("listen: [{address: \"127.0.0.2:0\"}]\n");
            assertThat(half.say(Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + ":443\r\n\r\n")
                            .answer()
                            .reason())
                    .isEqualTo("configuration_changed");
            assertThatThrownBy(() -> new RawClient(before)).isInstanceOf(IOException.class);
            assertThat(rig.address().getAddress().getHostAddress()).isEqualTo("127.0.0.2");
            rig.openTunnel().close();
        }
    }

    @Test
    void tunnels_end_one_after_the_other_and_a_rollback_saves_the_rest() throws Exception {
        List<RawClient> open = new ArrayList<>();
        try (Rig rig = new Rig(Origin.plain(ECHO), "regions: [us]\n")) {
            for (int i = 0; i < 4; i++) {
                open.add(rig.openTunnel());
            }
            assertThat(rig.reload("regions: [eu]\ntimeouts: {drain: 40s}\n").ended())
                    .isEqualTo(4);
            // The oldest at once, the next after a quarter of the time.
            assertThat(open.get(0).atEnd()).isTrue();
            assertThat(rig.reload("regions: [us]\n").ended()).isZero();
            for (RawClient saved : open.subList(1, 4)) {
                assertThat(new String(saved.say("x").socket().getInputStream().readNBytes(1), US_ASCII))
                        .isEqualTo("x");
            }
        } finally {
            for (RawClient client : open) {
                client.close();
            }
        }
    }

    @Test
    void limits_apply_at_once() throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "regions: [us]\n");
                RawClient open = rig.openTunnel()) {
            rig.reload("limits: {tunnels: 1}\n");
            assertThat(refusal(rig)).isEqualTo("tunnel_limit");
            rig.reload("limits: {tunnels: 100}\n");
            rig.openTunnel().close();
            rig.reload("limits: {tunnels-per-client: 1}\n");
            assertThat(refusal(rig)).isEqualTo("client_tunnel_limit");
            assertThat(open.socket().isClosed()).isFalse();
        }
    }

    /** What is refused as a whole, and what it says. PORT is taken by somebody else. */
    private enum Refused {
        ADMIN("admin: {address: \"127.0.0.1:1\"}\n", "admin.address: only a restart can change this"),
        INSTANCE("instance: another\n", "instance: only a restart can change this"),
        PORT("listen: [{address: \"127.0.0.1:0\"}, {address: \"127.0.0.1:PORT\"}]\n", "127.0.0.1:PORT"),
        SOURCE_ADDRESS("source-address: 192.0.2.1\n", "source-address"),
        PLACE("listen: [{address: \"0.0.0.0:OWN\"}]\n", "listen: 0.0.0.0:OWN takes the place of 127.0.0.1:OWN");

        private final String after;
        private final String sentence;

        Refused(String after, String sentence) {
            this.after = after;
            this.sentence = sentence;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_configuration_changes_nothing(Refused refused) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = FreePort.number();
            String listen = "listen: [{address: \"127.0.0.1:" + port + "\"}]\n";
            try (Rig rig = new Rig(Origin.plain(ECHO), "regions: [us]\n" + listen);
                    RawClient open = rig.openTunnel()) {
                String text = "regions: [eu]\n" + filled(refused.after, taken.getLocalPort(), port);
                assertThatThrownBy(() -> rig.reload(text.contains("listen:") ? text : text + listen))
                        .isInstanceOfSatisfying(ReloadRefusedException.class, e -> {
                            assertThat(e.problems()).hasSize(1);
                            assertThat(e.problems().get(0))
                                    .contains(filled(refused.sentence, taken.getLocalPort(), port));
                        });
                assertThat(rig.proxy().listeners()).hasSize(1);
                rig.openTunnel().close();
                assertThat(new String(open.say("x").socket().getInputStream().readNBytes(1), US_ASCII))
                        .isEqualTo("x");
                assertThat(rig.audit().all())
                        .noneMatch(line -> line.path("occasion").asString("").equals("reload"));
                // Nothing that was opened for it is left open.
                rig.reload("regions: [us]\nlisten: [{address: \"127.0.0.1:" + port + "\"}]\n");
            }
        }
    }

    /** What is in the file of the signing key when the configuration is read anew. */
    private enum KeyFile {
        ANOTHER("audit.sign.key: the file holds another key than the one that signs") {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(file, SigningKey.generate().pem(Optional.empty()));
            }
        },
        DAMAGED("The audit trail cannot be signed (audit.sign): ") {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(file, "nothing of the kind\n");
            }
        },
        GONE("The audit trail cannot be signed (audit.sign): ") {
            @Override
            void write(Path file) throws IOException {
                Files.delete(file);
            }
        };

        private final String sentence;

        KeyFile(String sentence) {
            this.sentence = sentence;
        }

        abstract void write(Path file) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void another_signing_key_in_the_same_file_needs_a_restart(KeyFile now, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("audit.pem");
        String key = SigningKey.generate().pem(Optional.empty());
        Files.writeString(file, key);
        try (Rig rig = signing(file)) {
            rig.reload("regions: [us]\nlimits: {tunnels: 10}\n");
            now.write(file);
            assertThatThrownBy(() -> rig.reload("regions: [us]\n"))
                    .isInstanceOfSatisfying(
                            ReloadRefusedException.class,
                            e -> assertThat(e.problems())
                                    .singleElement()
                                    .asString()
                                    .contains(now.sentence)
                                    .matches(".*:\\d+: .*"));
            Files.writeString(file, key);
            rig.reload("regions: [us]\n");
        }
    }

    private static Rig signing(Path key) throws Exception {
        StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));
        return new Rig(Origin.plain(ECHO), dns, ", sign: {key: \"" + key + "\"}", "regions: [us]\n");
    }

    private static String filled(String text, int taken, int own) {
        return text.replace("PORT", Integer.toString(taken)).replace("OWN", Integer.toString(own));
    }

    private static String refusal(Rig rig) throws IOException {
        try (RawClient client = rig.client()) {
            return client.connect(OTHER).answer().reason();
        }
    }
}
