package io.konnectproxy.server.tunnel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Pipe;
import io.konnectproxy.support.Programs;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TrustingAnybody;
import io.konnectproxy.wire.ServerHelloReader;
import io.konnectproxy.wire.ServerHelloReading;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** OpenSSL's server, which takes P-384 only and so asks each of these clients for a second ClientHello. */
@EnabledIf("openssl")
class RealRetryIT {
    private static final String HOST = Rig.HOST;
    private static final Pattern ACCEPTS = Pattern.compile("ACCEPT .*:([0-9]+)");

    @TempDir
    private static Path directory;

    private static Process server;
    private static Rig rig;

    static boolean openssl() {
        return Programs.onPath("openssl");
    }

    @BeforeAll
    static void start() throws Exception {
        Path certificate = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        Programs.run(
                "",
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=" + HOST,
                "-addext",
                "subjectAltName=DNS:" + HOST,
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        server = new ProcessBuilder(
                        "timeout",
                        "60",
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:0",
                        "-groups",
                        "P-384",
                        "-tls1_3",
                        "-cert",
                        certificate.toString(),
                        "-key",
                        key.toString(),
                        "-www")
                .redirectErrorStream(true)
                .start();
        rig = new Rig(Origin.plain(Pipe.to(port(server.inputReader()))), "");
    }

    private static int port(BufferedReader out) throws Exception {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher accepts = ACCEPTS.matcher(line);
            if (accepts.matches()) {
                return Integer.parseInt(accepts.group(1));
            }
        }
        throw new IllegalStateException("OpenSSL does not listen");
    }

    @AfterAll
    static void stop() throws Exception {
        if (rig != null) {
            rig.close();
        }
        if (server != null) {
            server.destroy();
        }
    }

    @Test
    void openssls_own_client_is_served() throws Exception {
        String output = Programs.run(
                "GET / HTTP/1.0\r\n\r\n",
                "openssl",
                "s_client",
                "-quiet",
                "-msg",
                "-groups",
                "X25519:P-384",
                "-proxy",
                "127.0.0.1:" + rig.address().getPort(),
                "-servername",
                HOST,
                "-CAfile",
                directory.resolve("cert.pem").toString(),
                "-verify_return_error",
                "-connect",
                HOST + ":443");
        assertThat(output).contains("HTTP/1.0 200 ok");
        assertThat(output.split(", ClientHello", -1))
                .as("parts between two hellos")
                .hasSize(3);
    }

    @Test
    void the_jdks_client_is_served() throws Exception {
        try (RawClient client = rig.client()) {
            assertThat(client.connect(HOST).answer().status()).isEqualTo(200);
            SSLSocket tls = (SSLSocket)
                    TrustingAnybody.context().getSocketFactory().createSocket(client.socket(), HOST, 443, true);
            tls.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(new String(tls.getInputStream().readAllBytes(), ISO_8859_1))
                    .contains("200 ok");
        }
    }

    /** The right name first, another one when the server has asked again; OpenSSL itself goes along with that. */
    @Test
    void a_client_that_changes_the_name_is_cut() throws Exception {
        try (RawClient client = rig.client()) {
            assertThat(client.connect(HOST).answer().status()).isEqualTo(200);
            SSLEngine engine = engine();
            client.say(flight(engine));
            byte[] retry = record(client.socket().getInputStream());
            assertThat(new ServerHelloReader().read(ByteBuffer.wrap(retry)))
                    .isEqualTo(ServerHelloReading.HELLO_RETRY_REQUEST);
            engine.unwrap(ByteBuffer.wrap(retry), ByteBuffer.allocate(1 << 15));
            String second = new String(flight(engine), ISO_8859_1);
            assertThat(second).contains(HOST);
            client.say(second.replace("0646a7d680", "evil000000"));
            assertThat(client.rest()).endsWith(21, 3, 3, 0, 2, 2, 47);
        }
        JsonNode end =
                rig.audit().await(line -> AuditLines.text(line, "outcome").equals("hello_changed"));
        assertThat(AuditLines.text(end.path("tls"), "sni")).isEqualTo("evil000000.us.cp0.konghq.com");
    }

    private static SSLEngine engine() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(java.util.List.of(new SNIHostName(HOST)));
        engine.setSSLParameters(parameters);
        engine.beginHandshake();
        return engine;
    }

    private static byte[] flight(SSLEngine engine) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            ByteBuffer record = ByteBuffer.allocate(1 << 15);
            engine.wrap(ByteBuffer.allocate(0), record);
            out.write(record.array(), 0, record.position());
        }
        return out.toByteArray();
    }

    private static byte[] record(InputStream in) throws Exception {
        byte[] header = in.readNBytes(5);
        byte[] content = in.readNBytes(ByteBuffer.wrap(header).getShort(3));
        return ByteBuffer.allocate(header.length + content.length)
                .put(header)
                .put(content)
                .array();
    }
}
