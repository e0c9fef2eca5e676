package io.konnectproxy.server.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.konnect.SmallCatalog;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.dataplane.DataPlanes;
import io.konnectproxy.server.live.LiveView.Asked;
import io.konnectproxy.server.live.RecentDecisions.Position;
import io.konnectproxy.support.PageStage;
import io.konnectproxy.target.HostName;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which rows are shown where there are more than can be. */
class LiveViewTest {
    private final DataPlanes planes = new DataPlanes(SmallCatalog.create()::find, System::nanoTime);
    private final LiveView view = new LiveView(
            new LiveSources(() -> PageStage.facts("test"), Map::of, Map::of, List::of, planes, new RecentDecisions()),
            System::nanoTime);

    private void refuse(String address, String controlPlane, int times) {
        Client client =
                new Client(new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(address), 40_000));
        for (int i = 0; i < times; i++) {
            planes.refused(
                    client,
                    Optional.of(HostName.of(controlPlane + ".us.cp0.konghq.com")),
                    Refusal.CONTROL_PLANE_NOT_PINNED,
                    Optional.empty());
        }
    }

    private JsonNode dataPlanes() {
        Asked asked = new Asked(LiveQuery.ALL, Position.NONE);
        String state = new String(view.render(Set.of(asked), 1).events().get(asked), UTF_8)
                .lines()
                .filter(line -> line.startsWith("data: "))
                .findFirst()
                .orElseThrow();
        return new JsonMapper().readTree(state.substring("data: ".length())).path("dataPlanes");
    }

    @Test
    void clients_with_many_rows_push_no_other_client_out() {
        refuse("192.168.0.7", "0646a7d680", 5);
        for (int client = 1; client <= 15; client++) {
            for (int i = 0; i < 20; i++) {
                refuse("10.0.0." + client, "made-up-" + i, 10);
            }
        }
        JsonNode rows = dataPlanes();
        assertThat(rows.path("shown").valueStream())
                .hasSize(LiveSnapshot.MOST_ROWS)
                .anyMatch(row -> row.path("client").asString().equals("192.168.0.7"))
                .extracting(row -> row.path("refusals").asInt())
                .as("the worst first")
                .isSortedAccordingTo((one, other) -> other - one);
        assertThat(rows.path("more").asInt()).isEqualTo(101);
    }
}
