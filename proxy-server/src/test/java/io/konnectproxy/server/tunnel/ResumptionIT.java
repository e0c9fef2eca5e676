package io.konnectproxy.server.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.wire.HelloReading.ClientHello;
import io.konnectproxy.wire.ServerFlights;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Clients that offer to resume a session: told in the line, and cut where that is configured. */
class ResumptionIT {
    private static final String HOST = Rig.HOST;
    private static final String REFUSE = "resumption: refuse\n";
    private static final byte[] SERVED = "served".getBytes(US_ASCII);
    private static final byte[] CUT = {21, 3, 3, 0, 2, 2, 49};

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.AcceptedHellos#resumptions")
    void refuse_cuts_exactly_those_that_offer_a_session(String name, byte[] hello, ClientHello said) throws Exception {
        try (Rig rig = new Rig(Origin.plain(upstream -> serve(upstream, said.length())), REFUSE)) {
            try (RawClient client = rig.client()) {
                assertThat(client.connect(HOST).answer().status()).isEqualTo(200);
                client.say(Arrays.copyOf(hello, said.length()));
                assertThat(client.rest()).isEqualTo(said.resumes() ? CUT : SERVED);
            }
            JsonNode end = onlyEnd(rig);
            assertThat(AuditLines.text(end, "outcome")).isEqualTo(said.resumes() ? "hello_resumes" : "upstream_closed");
            assertThat(end.path("tls").path("resumes").asBoolean()).isEqualTo(said.resumes());
        }
    }

    private static void serve(Socket upstream, int length) throws IOException {
        upstream.getInputStream().readNBytes(length);
        upstream.getOutputStream().write(SERVED);
    }

    private static JsonNode onlyEnd(Rig rig) {
        return rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
    }

    @Test
    void refuse_holds_for_the_second_hello_too() throws Exception {
        byte[] hello = Hellos.naming(HOST);
        byte[] retry = ServerFlights.helloRetryRequest();
        try (Rig rig = new Rig(
                        Origin.plain(upstream -> {
                            upstream.getInputStream().readNBytes(hello.length);
                            upstream.getOutputStream().write(retry);
                            upstream.getInputStream().readAllBytes();
                        }),
                        REFUSE);
                RawClient client = rig.client()) {
            assertThat(client.connect(HOST).answer().status()).isEqualTo(200);
            client.say(hello);
            assertThat(client.socket().getInputStream().readNBytes(retry.length))
                    .isEqualTo(retry);
            client.say(Hellos.withExtension(hello, 41, new byte[2]));
            assertThat(client.rest()).isEqualTo(CUT);
            assertThat(AuditLines.text(onlyEnd(rig), "outcome")).isEqualTo("hello_resumes");
        }
    }

    /** The JDK, which resumes with a pre-shared key in TLS 1.3 and with a ticket in TLS 1.2. */
    @ParameterizedTest
    @MethodSource("versions")
    void a_real_client_that_comes_back_resumes(String version) throws Exception {
        try (Rig rig = Rig.standard()) {
            SSLContext context = Rig.CA.clientContext();
            for (int i = 0; i < 2; i++) {
                exchange(rig, context, version);
            }
            assertThat(rig.audit().tunnelEnds())
                    .extracting(end -> end.path("tls").path("resumes").asBoolean())
                    .containsExactly(false, true);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void a_real_client_is_cut_when_it_comes_back(String version) throws Exception {
        try (Rig rig = new Rig(Origin.tls(Rig.CA, HOST), REFUSE)) {
            SSLContext context = Rig.CA.clientContext();
            exchange(rig, context, version);
            assertThatThrownBy(() -> exchange(rig, context, version)).isInstanceOf(SSLException.class);
            assertThat(rig.audit()
                            .await(line -> AuditLines.text(line, "outcome").equals("hello_resumes")))
                    .isNotNull();
        }
    }

    static List<String> versions() {
        return List.of("TLSv1.3", "TLSv1.2");
    }

    private static void exchange(Rig rig, SSLContext context, String version) throws Exception {
        int ends = rig.audit().tunnelEnds().size();
        try (RawClient client = rig.client()) {
            assertThat(client.connect(HOST).answer().status()).isEqualTo(200);
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(client.socket(), HOST, 443, true);
            tls.setEnabledProtocols(new String[] {version});
            tls.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            assertThat(tls.getInputStream().readAllBytes()).isNotEmpty();
        }
        Await.until("the line is there", () -> rig.audit().tunnelEnds().size() > ends);
    }
}
