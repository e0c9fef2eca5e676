package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.archive.NewObject;
import io.konnectproxy.archive.s3.S3Store;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.tls.ThrowawayCa;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Pem;
import io.konnectproxy.support.RealParent;
import io.konnectproxy.support.StandInS3;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The archive's requests through a parent that has TLS and wants credentials, to a store with an authority of its own. */
class ArchiveThroughParentIT {
    /** LittleProxy has connections when it is aborted, and no loop any more to tell them so. */
    @RegisterExtension
    private final LogCapture log =
            LogCapture.of("io.netty.util.concurrent").expecting("Failed to submit a listener notification task");

    @TempDir
    private Path directory;

    @Test
    void puts_an_object_through_the_parent() throws Exception {
        ThrowawayCa ca = new ThrowawayCa();
        Path trust = Files.writeString(directory.resolve("store-ca.pem"), Pem.of(ca.certificate()));
        try (StandInS3 s3 = StandInS3.tls(ca.serverContext(List.of("s3.corp")));
                RealParent parent = RealParent.httpsWithCredentials(s3.port(), directory)) {
            // Only the parent finds a store of this name.
            Archive archive = archive(parent, "endpoint: \"https://s3.corp\", trust: \"" + trust + "\"");
            try (S3Store store = S3Store.open(archive.url(), archive.store())) {
                store.put(NewObject.of("a", "text/plain", "bytes".getBytes(UTF_8), Map.of(), Optional.empty()));
            }
            assertThat(s3.objects).containsKey("a");
        }
    }

    private Archive archive(RealParent parent, String store) throws Exception {
        Path file = Files.writeString(
                directory.resolve("konnect-proxy.yaml"), parent.configuration() + """
                regions: [us]
                audit: {archive: {url: "s3://trails", parent: "%s", %s}}
                """.formatted(parent.url(), store));
        return ConfigurationLoader.load(file, Map.of())
                .configuration()
                .audit()
                .archive()
                .orElseThrow();
    }
}
