package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Rig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What a running proxy says of a configuration that cannot even be read. */
class ReloaderIT {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("reload").expecting("the changed configuration", "Internal error");

    @Test
    void an_internal_error_is_a_refusal_like_any_other() throws Exception {
        try (Rig rig = new Rig(Origin.plain(upstream -> {}), "regions: [us]\n")) {
            LoadedConfiguration first =
                    ConfigurationLoader.load(rig.directory().resolve("konnect-proxy.yaml"), Map.of());
            Reloader reloader = new Reloader(
                    rig.proxy(),
                    () -> {
                        throw new IllegalStateException("a mistake of ours");
                    },
                    first,
                    Reloader.digest(first.files()));
            reloader.reload();
            JsonNode refused = rig.audit().await(line -> "reload_refused".equals(AuditLines.text(line, "event")));
            assertThat(refused.path("problems").toString()).contains("please report it", "a mistake of ours");
            assertThat(rig.proxy().reloads().counts().lastSuccessful()).isFalse();
        }
    }
}
