package io.konnectproxy.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** A client that speaks another protocol gets no answer; the operator's log says which protocol it was. */
class OtherProtocolsIT {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel").expecting("From ");

    @AutoClose
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.standard();
    }

    static Stream<Arguments> protocols() {
        return Stream.of(
                arguments("TLS", "https", Hellos.naming("proxy.example.com")),
                arguments(
                        "SSLv2",
                        "no HTTP",
                        "\u0080.\u0001\u0000\u0002\u0000\u0015\u0000\u0000\u0000\u0010".getBytes(ISO_8859_1)),
                arguments("HTTP/2", "HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("protocols")
    void closes_without_a_word(String name, String hint, byte[] bytes) throws Exception {
        int before = rig.audit().decisions().size();
        try (RawClient client = rig.client()) {
            assertThat(client.say(bytes).rest()).isEmpty();
        }
        JsonNode line = rig.audit().decisions().get(before);
        assertThat(AuditLines.text(line, "reason")).isEqualTo("malformed_request");
        assertThat(AuditLines.text(line, "hint")).contains(hint);
        assertThat(rig.served()).isEqualTo("served");
        assertThat(rig.audit().decisions()).hasSize(before + 2);
        assertThat(rig.origin().accepted()).isPositive();
    }
}
