package io.konnectproxy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The manifests for those without Helm are what the chart renders; with {@code -Dupdate} they are written. */
class KubernetesManifestTest {
    private static final Path MANIFEST = Path.of("..", "deploy", "kubernetes.yaml");
    private static final String HEAD = """
            # Two proxies for the data planes of one cluster. docs/kong.md says which Secrets there must be before; change regions,
            # control planes and the image.
            #
            # This is what the chart in deploy/helm/konnect-proxy renders by default, and a test compares them:
            #   helm template konnect-proxy deploy/helm/konnect-proxy --skip-tests
            """;

    @BeforeAll
    static void assumeHelm() {
        HelmChart.assumeHelm();
    }

    @Test
    void is_what_the_chart_renders_by_default() throws Exception {
        String rendered = HEAD + HelmChart.SHIPPED.rendered("").text().stripTrailing() + "\n";
        if (System.getProperty("update") != null) {
            Files.writeString(MANIFEST, rendered);
        }
        assertThat(MANIFEST).content().isEqualTo(rendered);
    }
}
