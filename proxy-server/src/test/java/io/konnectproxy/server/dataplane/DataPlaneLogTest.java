package io.konnectproxy.server.dataplane;

import static io.konnectproxy.server.dataplane.DataPlaneStage.client;
import static io.konnectproxy.server.dataplane.DataPlaneStage.cp;
import static io.konnectproxy.server.dataplane.DataPlaneStage.tp;
import static io.konnectproxy.server.dataplane.DataPlaneStage.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.dataplane.DataPlanes.Followed;
import io.konnectproxy.support.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the operator's log says, and how little when it happens to all at once. */
class DataPlaneLogTest {
    private static final String LABEL = "0646a7d680";

    @RegisterExtension
    private final LogCapture log = LogCapture.of("data-planes");

    private final DataPlaneStage stage = new DataPlaneStage();

    @Test
    void who_is_lost_and_back() {
        Client one = user(client("10.0.0.7"), "dp-a");
        Followed configuration = stage.open(one, cp(LABEL));
        Followed telemetry = stage.open(one, tp(LABEL));
        stage.passLooking(3600);
        configuration.ended();
        telemetry.ended();
        stage.passLooking(600);
        stage.open(one, cp(LABEL));
        stage.open(one, tp(LABEL));
        stage.passLooking(600);
        assertThat(log.lines())
                .containsExactly(
                        "WARN Lost: 10.0.0.7 (dp-a) has had no tunnel to control plane 0646a7d680 in us (cp) for 65 s, after"
                                + " 60 minutes with one. Unless it was stopped, look at its own log and at the network between"
                                + " it and this proxy; 'audit tail --client 10.0.0.7' shows how its tunnels ended and what it"
                                + " was refused",
                        "INFO Back: 10.0.0.7 (dp-a) has a tunnel to control plane 0646a7d680 in us (cp) again");
    }

    @Test
    void who_lost_the_telemetry_only() {
        Client one = client("2001:db8::7");
        stage.open(one, cp(LABEL));
        Followed telemetry = stage.open(one, tp(LABEL));
        stage.passLooking(300);
        telemetry.ended();
        stage.passLooking(300);
        assertThat(log.said())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(
                                "Lost: 2001:db8::/64 has had no tunnel to control plane 0646a7d680 in us (tp) for 65 s")
                        .contains("audit tail --client 2001:db8::7"));
    }

    @Test
    void who_is_refused_again_and_again_and_why() {
        stage.refuse(client("10.0.0.7"), cp(LABEL), Refusal.CONTROL_PLANE_NOT_PINNED, 5);
        stage.passLooking(700);
        assertThat(log.lines())
                .containsExactly(
                        "WARN Refused again and again: 10.0.0.7, control plane 0646a7d680 in us (cp), 5 times in the last ten"
                                + " minutes, the last time with control_plane_not_pinned: Control plane is not pinned. Add the"
                                + " control plane's prefix to control-planes.",
                        "INFO No longer refused again and again: 10.0.0.7, control plane 0646a7d680 in us (cp)");
    }

    @Test
    void who_comes_and_goes() {
        for (int i = 0; i < 20; i++) {
            Followed tunnel = stage.open(client("10.0.0.7"), cp(LABEL));
            stage.passLooking(10);
            tunnel.ended();
            stage.passLooking(10);
        }
        stage.passLooking(700);
        assertThat(log.lines())
                .containsExactly(
                        "WARN Comes and goes: 10.0.0.7, control plane 0646a7d680 in us (cp), 5 short tunnels ended in the last"
                                + " ten minutes. Look at its own log, and at the outcomes and alerts in 'audit tail --client"
                                + " 10.0.0.7'",
                        "INFO No longer comes and goes: 10.0.0.7, control plane 0646a7d680 in us (cp)");
    }

    @Test
    void an_outage_of_2000_data_planes_is_21_lines_and_its_end_as_many() {
        List<Followed> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            all.add(stage.open(client(i), cp(LABEL)));
        }
        stage.passLooking(300);
        all.forEach(Followed::ended);
        stage.passLooking(300);
        assertThat(log.said()).hasSize(21);
        assertThat(log.said().get(20))
                .startsWith(
                        "More data planes in the last minute than are named: 1980 lost. Now 0 are connected, 2000 lost,");
        log.clear();
        for (int i = 0; i < 2_000; i++) {
            stage.open(client(i), cp(LABEL));
        }
        stage.passLooking(300);
        assertThat(log.said()).hasSize(21);
        assertThat(log.said().get(20)).contains(" 1980 back. Now 2000 are connected, 0 lost,");
    }

    @Test
    void one_client_cannot_use_up_the_lines_of_others() {
        List<Followed> made = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            made.add(stage.open(client("10.0.0.6"), cp("made-up-" + i)));
        }
        Followed honest = stage.open(client("10.0.0.7"), cp(LABEL));
        stage.passLooking(300);
        made.forEach(Followed::ended);
        honest.ended();
        stage.passLooking(65);
        assertThat(log.said())
                .filteredOn(line -> line.startsWith("Lost: 10.0.0.6"))
                .hasSize(5);
        assertThat(log.said())
                .filteredOn(line -> line.startsWith("Lost: 10.0.0.7"))
                .hasSize(1);
    }

    @Test
    void lines_about_the_refused_leave_those_about_the_lost() {
        Followed honest = stage.open(client("10.0.0.7"), cp(LABEL));
        stage.passLooking(300);
        honest.ended();
        for (int i = 100; i < 1_000; i++) {
            for (int time = 0; time < 5; time++) {
                stage.planes.refused(client(i), Optional.empty(), Refusal.NOT_CONNECT, Optional.empty());
            }
        }
        stage.passLooking(65);
        assertThat(log.said()).filteredOn(line -> line.startsWith("Refused")).hasSizeLessThanOrEqualTo(20);
        assertThat(log.said())
                .filteredOn(line -> line.startsWith("Lost: 10.0.0.7"))
                .hasSize(1);
    }

    @Test
    void nothing_of_a_shutdown() {
        Followed tunnel = stage.open(client("10.0.0.7"), cp(LABEL));
        stage.passLooking(300);
        stage.planes.drain();
        tunnel.ended();
        stage.passLooking(300);
        assertThat(log.said()).isEmpty();
    }
}
