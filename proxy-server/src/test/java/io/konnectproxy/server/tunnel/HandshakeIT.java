package io.konnectproxy.server.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.konnectproxy.server.tls.ThrowawayCa;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Pem;
import io.konnectproxy.support.Programs;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TrustingAnybody;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the tunnel's line says of the TLS handshake inside, between real clients and a real server. */
class HandshakeIT {
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII);

    @TempDir
    private Path directory;

    private Rig rig;

    static boolean openssl() {
        return Programs.onPath("openssl");
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void is_completed_where_data_went_up(String version) throws Exception {
        rig = Rig.standard();
        try (RawClient client = open();
                SSLSocket tls = inside(client, Rig.CA.clientContext(), version)) {
            tls.getOutputStream().write(REQUEST);
            assertThat(tls.getInputStream().readAllBytes()).isNotEmpty();
        }
        assertThat(end()).isEqualTo("completed");
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, client_alert certificate_unknown", "TLSv1.3, client_alert"})
    void names_the_client_that_does_not_trust_the_certificate(String version, String expected) throws Exception {
        rig = Rig.standard();
        try (RawClient client = open()) {
            assertThatThrownBy(() -> inside(client, new ThrowawayCa().clientContext(), version))
                    .isInstanceOf(IOException.class);
        }
        assertThat(end()).isEqualTo(expected);
    }

    /** Its keys are not in use yet, so that its alert is in clear with TLS 1.3 too. */
    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    @EnabledIf("openssl")
    void reads_the_alert_of_openssls_client(String version) throws Exception {
        rig = Rig.standard();
        Path other = Files.writeString(directory.resolve("ca.pem"), Pem.of(new ThrowawayCa().certificate()));
        Programs.run(
                "",
                "sh",
                "-c",
                "openssl s_client \"$@\" || true",
                "sh",
                version,
                "-proxy",
                "127.0.0.1:" + rig.address().getPort(),
                "-servername",
                Rig.HOST,
                "-CAfile",
                other.toString(),
                "-verify_return_error",
                "-connect",
                Rig.HOST + ":443");
        assertThat(end()).isIn("client_alert unknown_ca", "client_alert bad_certificate");
    }

    /** As nginx does, which is Kong's, where it finds the certificate wrong. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void is_unfinished_where_the_client_closes_without_a_word_after_it(String version) throws Exception {
        rig = Rig.standard();
        try (RawClient client = open()) {
            inside(client, TrustingAnybody.context(), version);
        }
        assertThat(end()).isEqualTo("unfinished");
    }

    @Test
    void is_unfinished_where_the_client_leaves_in_the_middle() throws Exception {
        rig = Rig.standard();
        try (RawClient client = open()) {
            client.say(Hellos.naming(Rig.HOST));
            assertThat(client.socket().getInputStream().read()).isEqualTo(22);
        }
        assertThat(end()).isEqualTo("unfinished");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void names_the_server_that_wants_a_certificate(String version) throws Exception {
        SSLServerSocket server = (SSLServerSocket)
                Rig.CA.serverContext(List.of(Rig.HOST)).getServerSocketFactory().createServerSocket(0);
        server.setNeedClientAuth(true);
        rig = new Rig(Origin.mindedElsewhere(server), "");
        Thread shaking = new Thread(() -> {
            try (Socket client = server.accept()) {
                assertThat(client.getInputStream().read()).isNotEqualTo(-2);
            } catch (IOException e) {
                // The client has no certificate.
            }
        });
        shaking.start();
        Throwable refused;
        try (RawClient client = open()) {
            refused = catchThrowable(() -> inside(client, Rig.CA.clientContext(), version)
                    .getInputStream()
                    .readAllBytes());
        }
        shaking.join();
        assertThat(refused).isInstanceOf(IOException.class);
        // Which alert it is depends on the JDK. In TLS 1.3 it is encrypted.
        String alert = refused.getMessage().replaceFirst(".*fatal alert: ", "");
        assertThat(end()).isEqualTo(version.equals("TLSv1.3") ? "server_alert" : "server_alert " + alert);
    }

    @Test
    void names_the_server_that_speaks_no_such_version() throws Exception {
        SSLServerSocket server = (SSLServerSocket)
                Rig.CA.serverContext(List.of(Rig.HOST)).getServerSocketFactory().createServerSocket(0);
        server.setEnabledProtocols(new String[] {"TLSv1.3"});
        rig = new Rig(Origin.mindedElsewhere(server), "");
        Thread shaking = new Thread(() -> {
            try (Socket client = server.accept()) {
                assertThat(client.getInputStream().read()).isNotEqualTo(-2);
            } catch (IOException e) {
                // There is no version in common.
            }
        });
        shaking.start();
        try (RawClient client = open()) {
            assertThatThrownBy(() -> inside(client, Rig.CA.clientContext(), "TLSv1.2"))
                    .isInstanceOf(IOException.class);
        }
        shaking.join();
        assertThat(end()).isEqualTo("server_alert protocol_version");
    }

    private RawClient open() throws Exception {
        RawClient client = rig.client();
        assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        return client;
    }

    private static SSLSocket inside(RawClient client, SSLContext trust, String version) throws IOException {
        SSLSocket tls = (SSLSocket) trust.getSocketFactory().createSocket(client.socket(), Rig.HOST, 443, true);
        tls.setEnabledProtocols(new String[] {version});
        tls.startHandshake();
        return tls;
    }

    /** {@code client_alert unknown_ca}. */
    private String end() throws Exception {
        JsonNode tls = rig.audit()
                .await(line -> AuditLines.text(line, "event").equals("tunnel"))
                .path("tls");
        return (AuditLines.text(tls, "handshake") + " " + AuditLines.text(tls, "alert")).strip();
    }
}
