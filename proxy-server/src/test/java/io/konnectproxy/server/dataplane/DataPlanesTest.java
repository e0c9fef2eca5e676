package io.konnectproxy.server.dataplane;

import static io.konnectproxy.server.dataplane.DataPlaneStage.certified;
import static io.konnectproxy.server.dataplane.DataPlaneStage.client;
import static io.konnectproxy.server.dataplane.DataPlaneStage.cp;
import static io.konnectproxy.server.dataplane.DataPlaneStage.tp;
import static io.konnectproxy.server.dataplane.DataPlaneStage.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.CutText;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.dataplane.DataPlanes.Followed;
import io.konnectproxy.support.LogCapture;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is connected, lost, flapping and refused, and who counts as one. */
class DataPlanesTest {
    private static final String LABEL = "0646a7d680";

    @RegisterExtension
    private final LogCapture log = LogCapture.of("data-planes");

    private final DataPlaneStage stage = new DataPlaneStage();

    /**
     * Steps of one client: {@code +cp}, {@code -cp} for a tunnel that opens and ends, {@code +cp2} for a second one, {@code
     * api} for another host, {@code !5} for five refusals, {@code 61} for seconds, {@code drain}.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        nobody came                                   |                            | 0 0 0 0
        a tunnel has just opened                      | +cp                        | 1 0 0 0
        a tunnel is open                              | +cp 3600                   | 1 0 0 0
        it has just ended                             | +cp 3600 -cp               | 0 0 0 0
        it has been gone for a minute                 | +cp 3600 -cp 60            | 0 0 0 0
        it has been gone for over a minute            | +cp 3600 -cp 61            | 0 1 0 0
        it had one for a minute only                  | +cp 60 -cp 61              | 0 0 0 0
        it had one for over a minute                  | +cp 61 -cp 61              | 0 1 0 0
        it is back                                    | +cp 61 -cp 61 +cp          | 1 0 0 0
        it was back for a moment                      | +cp 61 -cp 61 +cp -cp      | 0 0 0 0
        and is gone again                             | +cp 61 -cp 61 +cp -cp 61   | 0 1 0 0
        one of two tunnels has ended                  | +cp +cp2 61 -cp 61         | 1 0 0 0
        both have                                     | +cp +cp2 61 -cp -cp2 61    | 0 1 0 0
        two tunnels one after the other make a minute | +cp 40 +cp2 -cp 40 -cp2 61 | 0 1 0 0
        cp and tp are one data plane                  | +cp +tp 61                 | 1 0 0 0
        both are lost                                 | +cp +tp 61 -cp -tp 61      | 0 1 0 0
        tp alone is lost                              | +cp +tp 61 -tp 61          | 1 1 0 0
        cp alone is lost                              | +cp +tp 61 -cp 61          | 1 1 0 0
        a host that is no control plane's             | +api 61 -api 61            | 0 0 0 0
        lost for a day                                | +cp 61 -cp 86399           | 0 1 0 0
        lost for longer                               | +cp 61 -cp 86400           | 0 0 0 0
        the proxy shuts down                          | +cp 61 look drain -cp 61   | 1 0 0 0
        refused four times                            | !4                         | 0 0 0 0
        refused five times                            | !5                         | 0 0 0 1
        refused five times in ten minutes             | !1 120 !1 120 !1 120 !1 120 !1 | 0 0 0 1
        refused five times in eleven                  | !4 660 !1                  | 0 0 0 0
        refused five times, ten minutes ago           | !5 600                     | 0 0 0 0
        connected and refused                         | +cp !5                     | 1 0 0 1
        lost and refused                              | +cp 61 -cp 61 !5           | 0 1 0 1
        four short tunnels                            | +cp 9 -cp +cp 9 -cp +cp 9 -cp +cp 9 -cp            | 0 0 0 0
        five short tunnels                            | +cp 9 -cp +cp 9 -cp +cp 9 -cp +cp 9 -cp +cp 9 -cp  | 0 0 1 0
        five short ones, ten minutes ago              | +cp -cp +cp -cp +cp -cp +cp -cp +cp -cp 600        | 0 0 0 0
        cut by something after 100 s each time        | +cp 100 -cp +cp 100 -cp +cp 100 -cp +cp 100 -cp +cp 100 -cp +cp | 1 0 1 0
        """)
    void finds(String name, String steps, String expected) {
        Client one = client("10.0.0.7");
        Map<String, Followed> open = new HashMap<>();
        for (String step : steps == null ? new String[0] : steps.split(" ", -1)) {
            String rest = step.substring(1);
            switch (step.charAt(0)) {
                case '+' -> open.put(rest, stage.open(one, host(rest)));
                case '-' -> open.remove(rest).ended();
                case '!' -> stage.refuse(one, cp(LABEL), Refusal.CONTROL_PLANE_NOT_PINNED, Integer.parseInt(rest));
                case 'd' -> stage.planes.drain();
                case 'l' -> stage.look();
                default -> stage.pass(Long.parseLong(step));
            }
        }
        DataPlaneFigures figures = stage.look();
        assertThat(figures.connected() + " " + figures.lost() + " " + figures.flapping() + " " + figures.refused())
                .isEqualTo(expected);
    }

    private static String host(String tunnel) {
        return tunnel.startsWith("cp") ? cp(LABEL) : tunnel.startsWith("tp") ? tp(LABEL) : "us.api.konghq.com";
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(textBlock = """
        10.0.0.7,              10.0.0.7,               1
        10.0.0.7,              10.0.0.8,               2
        10.0.0.7 user a,       10.0.0.7 user a,        1
        10.0.0.7 user a,       10.0.0.7 user b,        2
        10.0.0.7 user a,       10.0.0.8 user a,        2
        10.0.0.7 user a,       10.0.0.7,               2
        10.0.0.7 name a,       10.0.0.7 name b,        2
        2001:db8::1,           2001:db8::ffff:1,       1
        2001:db8::1,           2001:db8:0:1::1,        2
        """)
    void tells_clients_apart(String first, String second, int count) {
        stage.open(parsed(first), cp(LABEL));
        stage.open(parsed(second), cp(LABEL));
        assertThat(stage.look().connected()).isEqualTo(count);
    }

    private static Client parsed(String text) {
        String[] words = text.split(" ", -1);
        Client at = client(words[0]);
        return words.length == 1 ? at : words[1].equals("user") ? user(at, words[2]) : certified(at, words[2]);
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(textBlock = """
        a.us.cp0.konghq.com, b.us.cp0.konghq.com, 2
        a.us.cp0.konghq.com, a.eu.cp0.konghq.com, 2
        a.us.cp0.konghq.com, a.us.cp.konghq.com,  1
        a.us.cp0.konghq.com, a.us.tp.konghq.com,  1
        """)
    void tells_control_planes_apart(String first, String second, int count) {
        stage.open(client("10.0.0.7"), first);
        stage.open(client("10.0.0.7"), second);
        assertThat(stage.look().connected()).isEqualTo(count);
    }

    @Test
    void a_control_plane_is_connected_while_anybody_has_a_tunnel_to_its_configuration() {
        assertThat(stage.planes.isConnected(LABEL)).isFalse();
        Followed telemetry = stage.open(client("10.0.0.7"), tp(LABEL));
        assertThat(stage.planes.isConnected(LABEL)).as("telemetry alone").isFalse();
        Followed first = stage.open(client("10.0.0.7"), cp(LABEL));
        Followed second = stage.open(client("10.0.0.8"), cp(LABEL));
        first.ended();
        first.ended();
        assertThat(stage.planes.isConnected(LABEL)).as("the other client").isTrue();
        second.ended();
        telemetry.ended();
        assertThat(stage.planes.isConnected(LABEL)).isFalse();
    }

    @Test
    void the_worst_are_listed_first() {
        stage.open(client("10.0.0.1"), cp(LABEL));
        Followed lost = stage.open(user(client("10.0.0.2"), "dp-a"), cp(LABEL));
        Followed lostLater = stage.open(client("10.0.0.3"), tp(LABEL));
        stage.pass(3600);
        lost.ended();
        stage.pass(100);
        lostLater.ended();
        stage.pass(61);
        stage.refuse(client("10.0.0.4"), cp("other"), Refusal.CONTROL_PLANE_NOT_PINNED, 7);
        stage.planes.refused(client("10.0.0.5"), Optional.empty(), Refusal.CREDENTIALS_INVALID, Optional.empty());
        stage.open(client("10.0.0.6"), cp(LABEL)).ended();

        assertThat(stage.states())
                .extracting(state -> state.client() + ", " + state.service() + ", " + state.troubles())
                .containsExactly(
                        "10.0.0.3, control plane 0646a7d680 in us (tp), [LOST]",
                        "10.0.0.2 (dp-a), control plane 0646a7d680 in us (cp), [LOST]",
                        "10.0.0.4, control plane other in us (cp), [REFUSED]",
                        "10.0.0.1, control plane 0646a7d680 in us (cp), []",
                        "10.0.0.5, no control plane in particular, []",
                        "10.0.0.6, control plane 0646a7d680 in us (cp), []");
        DataPlaneState second = stage.states().get(1);
        assertThat(second.goneFor()).contains(Duration.ofSeconds(161));
        assertThat(second.before()).contains(Duration.ofHours(1));
        assertThat(second.connectedFor()).isEmpty();
        DataPlaneState third = stage.states().get(2);
        assertThat(third.refused()).isEqualTo(7);
        assertThat(third.refusedInAll()).isEqualTo(7);
        assertThat(third.reason()).contains(Refusal.CONTROL_PLANE_NOT_PINNED);
        DataPlaneState connected = stage.states().get(3);
        assertThat(connected.connectedFor()).contains(Duration.ofSeconds(3761));
        assertThat(connected.tunnels()).isEqualTo(1);

        DataPlaneList two = stage.planes.list(2);
        assertThat(two.states()).hasSize(2);
        assertThat(two.leftOut()).isEqualTo(4);
        assertThat(two.crowdedOut()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
        a control plane's,                       0646a7d680.us.cp0.konghq.com, 0646a7d680
        a control plane's in another region,     0646a7d680.sg.tp0.konghq.com, 0646a7d680
        another host of Konnect,                 us.api.konghq.com,            -
        a host that is not Konnect's,            evil.example.com,             -
        one that looks like a control plane's,   a.us.cp0.konghq.com.evil.com, -
        """)
    void keeps_of_a_refused_host_the_control_plane_only(String name, String host, String kept) {
        stage.refuse(client("10.0.0.7"), host, Refusal.HOST_NOT_KONNECT, 5);
        assertThat(stage.states())
                .extracting(state -> state.controlPlane().orElse("-"))
                .containsExactly(kept);
    }

    @Test
    void refusals_because_of_a_shutdown_do_not_count() {
        stage.refuse(client("10.0.0.7"), cp(LABEL), Refusal.DRAINING, 10);
        assertThat(stage.states()).isEmpty();
    }

    @Test
    void names_of_certificates_that_cannot_be_said_are_not_kept() {
        List.of("a\nb", "a\u202eb", "a\u2028b", "a".repeat(129), "\u001b[31m")
                .forEach(name -> stage.open(certified(client("10.0.0.7"), name), cp(LABEL)));
        stage.open(certified(client("10.0.0.7"), "dp-ü", "other"), cp(LABEL));
        assertThat(stage.states())
                .extracting(state -> state.name().orElse("-") + " " + state.tunnels())
                .containsExactlyInAnyOrder("- 5", "dp-ü 1");
    }

    @Test
    void a_proxy_that_has_just_started_has_lost_nobody() {
        stage.pass(3600);
        assertThat(stage.look()).isEqualTo(new DataPlaneFigures(0, 0, 0, 0));
        assertThat(log.said()).isEmpty();
    }

    @Test
    void keeps_the_hint_of_the_last_refusal_as_its_line_has_it() {
        stage.planes.refused(
                client("10.0.0.5"),
                Optional.empty(),
                Refusal.CREDENTIALS_INVALID,
                Optional.of("There is no such user."));
        assertThat(stage.states().get(0).remedy()).contains("There is no such user.");
        stage.planes.refused(client("10.0.0.5"), Optional.empty(), Refusal.IP_LITERAL, Optional.of("x".repeat(10_000)));
        assertThat(stage.states().get(0).remedy()).contains("x".repeat(CutText.LONGEST - 3) + "...");
        stage.planes.refused(client("10.0.0.5"), Optional.empty(), Refusal.IP_LITERAL, Optional.empty());
        assertThat(stage.states().get(0).remedy()).contains(Refusal.IP_LITERAL.remedy());
    }
}
