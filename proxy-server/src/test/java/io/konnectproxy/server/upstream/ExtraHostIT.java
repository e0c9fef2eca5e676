package io.konnectproxy.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host of the operator's own, behind which a server with another name may stand: only those that are named pass. */
class ExtraHostIT {
    @AutoClose
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream())), """
                extra-hosts:
                  - {name: mirror, host: kong.mirror.corp, expected-sni: [cdn.mirror.corp]}
                  - {name: plain, host: plain.mirror.corp}
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "kong.mirror.corp, kong.mirror.corp",
        "kong.mirror.corp, cdn.mirror.corp",
        "kong.mirror.corp, CDN.mirror.corp",
        "plain.mirror.corp, plain.mirror.corp",
    })
    void lets_an_expected_server_name_through(String host, String serverName) throws Exception {
        byte[] hello = Hellos.naming(serverName);
        try (RawClient client = rig.client()) {
            assertThat(client.connect(host).answer().status()).isEqualTo(200);
            client.say(hello);
            assertThat(client.socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kong.mirror.corp, plain.mirror.corp",
        "kong.mirror.corp, other.cdn.mirror.corp",
        "plain.mirror.corp, cdn.mirror.corp",
        "plain.mirror.corp, kong.mirror.corp",
        "us.api.konghq.com, cdn.mirror.corp",
    })
    void cuts_any_other(String host, String serverName) throws Exception {
        try (RawClient client = rig.client()) {
            assertThat(client.connect(host).answer().status()).isEqualTo(200);
            assertThat(client.say(Hellos.naming(serverName)).rest()).containsExactly(21, 3, 3, 0, 2, 2, 112);
        }
    }
}
