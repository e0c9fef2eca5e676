package io.konnectproxy.server.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.konnectproxy.server.StartupException;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Where the proxy dials from. All of 127.0.0.0/8 is this machine. */
class SourceAddressIT {
    private static final String SOURCE = "127.0.0.77";

    private final List<String> seen = new CopyOnWriteArrayList<>();

    private void look(Socket proxy) throws Exception {
        seen.add(proxy.getInetAddress().getHostAddress());
        proxy.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
        proxy.getInputStream().read();
    }

    private Rig rig(String configuration, String... addresses) throws Exception {
        Origin origin = Origin.plain(this::look);
        return new Rig(
                origin,
                StandInDns.start(question -> StandInAnswer.of(addresses)),
                configuration.replace("PORT", String.valueOf(origin.port())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dns: {servers: [\"DNS\"]}\nparents: [{url: \"http://127.0.0.1:PORT\"}]\n"})
    void konnect_and_parents_are_dialled_from_it(String parents) throws Exception {
        try (Rig rig = rig("source-address: " + SOURCE + "\n" + parents, "127.0.0.1");
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            Await.until("it was dialled", () -> !seen.isEmpty());
            assertThat(seen).containsExactly(SOURCE);
        }
    }

    @Test
    void an_address_of_the_other_type_is_not_dialled() throws Exception {
        try (Rig rig = rig("source-address: " + SOURCE + "\n", "::1");
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().reason()).isEqualTo("dns_not_found");
            JsonNode end =
                    rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
            assertThat(AuditLines.text(end, "hint"))
                    .isEqualTo("The resolver knows no A record of the name. Only IPv4 addresses are dialled here:"
                            + " see dns.family and source-address.");
        }
    }

    /** What a parent can reach is not a matter of where it is dialled from. */
    @Test
    void a_parent_may_be_asked_for_an_address_of_the_other_type() throws Exception {
        try (Rig rig = rig(
                        "source-address: " + SOURCE
                                + "\ndns: {servers: [\"DNS\"]}\npermit-addresses: [\"::1/128\"]\nparents: [{url: \"http://127.0.0.1:PORT\"}]\n",
                        "::1");
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.socket().close();
            JsonNode end =
                    rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
            assertThat(AuditLines.text(end.path("upstream"), "asked"))
                    .isEqualTo("[::1]:" + rig.origin().port());
        }
    }

    @Test
    void one_that_this_machine_does_not_have_keeps_the_proxy_from_starting() {
        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> rig("source-address: 198.51.100.7\n", "127.0.0.1"))
                .withMessageStartingWith("Nothing can be dialled from source-address 198.51.100.7: ")
                .withMessageEndingWith(". It must be an address of this machine.");
    }
}
