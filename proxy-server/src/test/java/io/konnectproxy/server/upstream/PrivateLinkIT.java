package io.konnectproxy.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where PrivateLink is on, private addresses are its alone; where it is not, the blocks are for every permitted host. */
class PrivateLinkIT {
    private static final String LINK = "us.svc.konghq.com";
    private static final String API = "us.api.konghq.com";
    private static final String MIRROR = "mirror.example";
    private static final String OTHER = "elsewhere.example";
    private static final String ON = "purposes: [api, privatelink]\n";
    private static final String OFF = "purposes: [api]\n";
    /** The rules of all leave it out, and one client has it. */
    private static final String ON_FOR_SOMEBODY =
            OFF + "clients: [{name: dp, source: 127.0.0.1/32, purposes: [api, privatelink]}]\n";

    static Stream<Arguments> hosts() {
        return Stream.of(
                arguments(ON, LINK, 200, ""),
                arguments(ON, API, 502, "address_forbidden"),
                arguments(ON, MIRROR, 502, "address_forbidden"),
                arguments(OFF, API, 200, ""),
                arguments(OFF, MIRROR, 200, ""),
                arguments(OFF, LINK, 403, "purpose_not_enabled"),
                arguments(ON_FOR_SOMEBODY, LINK, 200, ""),
                arguments(ON_FOR_SOMEBODY, API, 502, "address_forbidden"),
                arguments(ON + "mode: report-only\n", LINK, 200, ""),
                arguments(ON + "mode: report-only\n", OTHER, 502, "address_forbidden"),
                // A name that is refused is let through for its name only.
                arguments(ON.replace("api, ", "") + "mode: report-only\n", API, 502, "address_forbidden"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("hosts")
    void decides_who_may_be_dialled_at_a_private_address(String rules, String host, int status, String reason)
            throws Exception {
        try (Rig rig = rig(rules);
                RawClient client = rig.client()) {
            RawClient.Answer answer = client.connect(host).answer();
            assertThat(answer.status()).isEqualTo(status);
            if (status != 200) {
                assertThat(answer.reason()).isEqualTo(reason);
            }
            if (status == 200) {
                Await.until("it is reached", () -> rig.origin().accepted() == 1);
            } else {
                assertThat(rig.origin().accepted()).isZero();
            }
        }
    }

    private static Rig rig(String rules) throws Exception {
        return new Rig(
                Origin.plain(client -> client.getInputStream().read()),
                StandInDns.start(question -> StandInAnswer.of("127.0.0.1")),
                rules + "extra-hosts: [{name: mirror, host: " + MIRROR + "}]\n");
    }
}
