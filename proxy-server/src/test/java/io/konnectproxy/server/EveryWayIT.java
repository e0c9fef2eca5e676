package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.ProxyUser;
import io.konnectproxy.support.ProxyUser.Login;
import io.konnectproxy.support.ProxyUser.Security;
import io.konnectproxy.support.RealParent;
import io.konnectproxy.support.WaysRig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every way in through every way out with every client: how the proxy is spoken to, with which credentials, and what lies
 * between it and Konnect. Each proxy has four listeners: plain and TLS, each open and with credentials.
 */
class EveryWayIT {
    private static final Map<WayOut, WaysRig> RIGS = new EnumMap<>(WayOut.class);

    /** What lies between the proxy and Konnect. */
    enum WayOut {
        DIRECT,
        HTTP_PARENT,
        HTTPS_PARENT_WITH_CREDENTIALS;

        Optional<RealParent.Maker> parent() {
            return switch (this) {
                case DIRECT -> Optional.empty();
                case HTTP_PARENT -> Optional.of(RealParent::http);
                case HTTPS_PARENT_WITH_CREDENTIALS -> Optional.of(RealParent::httpsWithCredentials);
            };
        }
    }

    /** Which listener, and what is sent there. */
    enum Sent {
        NONE_TO_OPEN_LISTENER(false, "served", "konnect_host"),
        RIGHT_TO_OPEN_LISTENER(false, "served", "konnect_host"),
        NONE(true, "407", "credentials_required"),
        RIGHT(true, "served", "konnect_host"),
        WRONG(true, "407", "credentials_invalid");

        private final boolean demanded;
        private final String got;
        private final String reason;

        Sent(boolean demanded, String got, String reason) {
            this.demanded = demanded;
            this.got = got;
            this.reason = reason;
        }

        Optional<Login> login() {
            return switch (this) {
                case NONE_TO_OPEN_LISTENER, NONE -> Optional.empty();
                case RIGHT_TO_OPEN_LISTENER, RIGHT -> Optional.of(WaysRig.RIGHT);
                case WRONG -> Optional.of(new Login(WaysRig.RIGHT.user(), "wrong"));
            };
        }
    }

    @BeforeAll
    static void start() throws Exception {
        for (WayOut out : WayOut.values()) {
            RIGS.put(out, new WaysRig(out.parent()));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (WaysRig rig : RIGS.values()) {
            rig.close();
        }
    }

    static Stream<Arguments> cells() {
        List<Arguments> cells = new ArrayList<>();
        for (WayOut out : WayOut.values()) {
            for (Security security : Security.values()) {
                for (Sent sent : Sent.values()) {
                    for (ProxyUser user : ProxyUser.values()) {
                        cells.add(arguments(user, security, sent, out));
                    }
                }
            }
        }
        return cells.stream();
    }

    @ParameterizedTest(name = "{0}, {1}, {2}, {3}")
    @MethodSource("cells")
    void works(ProxyUser user, Security security, Sent sent, WayOut out) throws Exception {
        assumeTrue(user.isHere(), "not on this machine");
        WaysRig rig = RIGS.get(out);
        int before = rig.audit().decisions().size();
        int reached = rig.reached();

        assertThat(user.get(rig.settings(security, sent.demanded, sent.login())))
                .isEqualTo(sent.got);

        List<JsonNode> lines = rig.audit().decisions();
        // Some clients try again when they are told to.
        assertThat(lines).hasSizeGreaterThan(before);
        JsonNode line = lines.get(lines.size() - 1);
        assertThat(AuditLines.text(line, "reason")).isEqualTo(sent.reason);
        boolean served = sent.got.equals("served");
        boolean known = served && sent.demanded;
        assertThat(AuditLines.text(line.path("client"), "user")).isEqualTo(known ? WaysRig.RIGHT.user() : "");
        assertThat(AuditLines.text(line.path("client"), "entry")).isEqualTo(known ? "payments" : "");
        if (served) {
            JsonNode end = rig.audit().endOf(AuditLines.text(line, "id"));
            assertThat(AuditLines.text(end.path("upstream"), "via")).isEqualTo(rig.via());
            assertThat(rig.reached()).isGreaterThan(reached);
        } else {
            assertThat(rig.reached()).isEqualTo(reached);
        }
    }
}
