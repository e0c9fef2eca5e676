package io.konnectproxy.server.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.FleetDay;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The live page of a real proxy: what the stand-in plays is what the proxy says. Run by {@code .ci/page}. */
@Timeout(120)
class RealProxyInChromium {
    private static final String EU = "1234567890.eu.cp0.konghq.com";

    @TempDir
    private Path profile = Path.of("");

    @Test
    void the_day_of_a_fleet_begins_with_the_data_plane_that_was_lost(@TempDir Path directory) throws Exception {
        try (Chromium chromium = Chromium.start(System.getProperty("page.chromium", "chromium"), profile);
                BrowserTab tab = chromium.tab();
                FleetDay day = new FleetDay(directory)) {
            day.play();
            tab.open(URI.create("http://127.0.0.1:" + day.proxy().admin().getPort() + "/"));
            // The figures are counted every five seconds, which was an hour of this day.
            tab.await("[...document.querySelectorAll('#worst .label')].map(label => label.innerText).join()"
                    + " === 'Lost,Refused,Refused,Flapping,Flapping'");
            assertThat(tab.texts("#worst li"))
                    .satisfiesExactly(
                            lost -> assertThat(lost)
                                    .contains(
                                            "127.0.1.18 (dp-18)",
                                            "(configuration and telemetry)",
                                            "for 10\u00a0h, after 14\u00a0h with one"),
                            region -> assertThat(region).contains("dp-03", "region_not_enabled", "Add eu to regions."),
                            password -> assertThat(password).contains("The password of user dp-07 is wrong."),
                            intercepted -> assertThat(intercepted).contains("dp-11", "6 short tunnels"),
                            flaps -> assertThat(flaps).contains("dp-15", "6 short tunnels"));
            assertThat(tab.problems()).isEmpty();
        }
    }

    @Test
    void a_wrong_region_is_the_first_thing_shown_and_the_page_is_told_that_the_proxy_has_stopped() throws Exception {
        try (Chromium chromium = Chromium.start(System.getProperty("page.chromium", "chromium"), profile);
                BrowserTab tab = chromium.tab()) {
            try (Rig rig = new Rig(
                            Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream())),
                            "regions: [us]\ncontrol-planes: [0646a7d680]\n");
                    RawClient tunnel = rig.openTunnel()) {
                tunnel.say(new byte[100_000]);
                assertThat(tunnel.socket().getInputStream().readNBytes(100_000)).hasSize(100_000);
                for (int i = 0; i < 5; i++) {
                    try (RawClient client = rig.client()) {
                        assertThat(client.connect(EU).answer().status()).isEqualTo(403);
                    }
                }
                tab.open(URI.create("http://127.0.0.1:" + rig.proxy().admin().getPort() + "/"));
                tab.await("document.querySelector('#worst .label').innerText === 'Refused'");
                assertThat(tab.texts("#worst li")).hasSize(1);
                assertThat(tab.text("#worst"))
                        .contains("127.0.0.1, control plane 1234567890 in eu: 5 refusals in ten minutes")
                        .contains("region_not_enabled. Konnect region is not enabled.")
                        .contains("regions");
                assertThat(tab.text("#ready")).isEqualTo("Ready");
                assertThat(tab.text("#pins")).isEqualTo("Pinned control planes: 0646a7d680 connected");
                assertThat(tab.texts("#planes-rows tr")).hasSize(2);
                assertThat(tab.text("#tunnels-rows")).contains("127.0.0.1", Rig.HOST, "100\u00a0kB");
                assertThat(tab.texts("#decisions-rows .verdict"))
                        .containsExactly("Refused", "Refused", "Refused", "Refused", "Refused", "Permitted");
                tab.value("document.querySelector('[data-sort=host]').click()");
                tab.value("document.querySelector('#find').focus()");
                tab.type("EU.cp0");
                tab.await("document.querySelector('#tunnels-count').innerText === '0 of 1 match'");
                tab.await("document.querySelectorAll('#decisions-rows tr').length === 5");
                assertThat(tab.problems()).isEmpty();
            }
            tab.await("!document.querySelector('#stream').hidden");
            assertThat(tab.text("#stream")).startsWith("Not connected since ");
        }
    }
}
