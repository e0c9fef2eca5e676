package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trial with a real proxy, from its trail to a configuration that enforces. */
class SuggestIT {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void a_report_only_trial_comes_to_rules_for_what_was_used() throws Exception {
        try (Rig rig = new Rig(Origin.tls(Rig.CA, Rig.HOST), "regions: [eu]\nmode: report-only\n");
                RawClient address = rig.client()) {
            assertThat(rig.served()).isEqualTo("served");
            rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
            try (RawClient unused = rig.client()) {
                assertThat(unused.connect("sg.api.konghq.com").answer().status())
                        .isEqualTo(200);
            }
            assertThat(address.connect("127.0.0.1").answer().status()).isEqualTo(403);
            rig.audit()
                    .await(line -> AuditLines.text(line, "target").equals("sg.api.konghq.com:443")
                            && AuditLines.text(line, "event").equals("tunnel"));

            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            int code = KonnectProxyCommand.execute(
                    new PrintWriter(out),
                    new PrintWriter(err),
                    Map.of(),
                    "suggest",
                    rig.auditFile().toString());

            assertThat(err.toString()).isEmpty();
            assertThat(code).isZero();
            assertThat(out.toString())
                    .contains("regions:\n  - us  # 1 tunnel of 1 client")
                    .contains("control-planes:\n  - \"0646a7d680\"  # 1 tunnel")
                    .contains("  sg.api.konghq.com:443 by 127.0.0.1: ", "  127.0.0.1:443 by 127.0.0.1: ip_literal");
            Path suggested = Files.writeString(directory.resolve("suggested.yaml"), out.toString());
            for (String host : new String[] {Rig.HOST, "sg.api.konghq.com", "0123456789.us.cp0.konghq.com"}) {
                assertThat(KonnectProxyCommand.execute(
                                new PrintWriter(new StringWriter()),
                                new PrintWriter(new StringWriter()),
                                Map.of(),
                                "explain",
                                host,
                                "-c",
                                suggested.toString()))
                        .isEqualTo(host.equals(Rig.HOST) ? 0 : 1);
            }
        }
    }
}
