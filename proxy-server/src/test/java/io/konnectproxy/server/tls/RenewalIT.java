package io.konnectproxy.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.WaysRig;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A listener's certificate is renewed while it is used. */
class RenewalIT {
    private static final String PROXY = "proxy.example.com";
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    private static final int CONNECTIONS = 500;
    private static final int AT_ONCE = 16;

    @TempDir
    private Path directory;

    @RegisterExtension
    private final LogCapture log = LogCapture.of("tls");

    private final Set<BigInteger> served = ConcurrentHashMap.newKeySet();
    private Rig rig;
    private SSLContext trust;

    @BeforeEach
    void start() throws Exception {
        renew();
        trust = TrustedCertificates.read(directory.resolve("ca.crt").toString()).clientContext();
        rig = new Rig(
                Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream())),
                "listen: [{address: \"127.0.0.1:0\", tls: {certificate: \"" + directory.resolve("tls.crt")
                        + "\", key: \"" + directory.resolve("tls.key") + "\"}}]\n");
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void none_of_500_connections_fails_while_the_files_change() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        try (RawClient early = opened()) {
            BigInteger first = served.iterator().next();
            List<Future<Void>> visits = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                visits.add(clients.submit((Callable<Void>) this::visit));
                if (i % (CONNECTIONS / 5) == 0) {
                    renew();
                    rig.proxy().followFiles();
                }
            }
            for (Future<Void> visit : visits) {
                visit.get(50, TimeUnit.SECONDS);
            }
            Await.until("the last one is served", () -> serial(opening()).equals(serialOnDisk()));
            assertThat(served).as("certificates that clients saw").hasSizeGreaterThan(1);
            assertThat(serialOnDisk()).isNotEqualTo(first);
            assertThat(echoed(early)).as("a tunnel from before").isTrue();
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void broken_files_change_nothing_and_are_complained_of() throws Exception {
        BigInteger before = serial(opening());
        Files.writeString(directory.resolve("tls.crt"), "-----BEGIN CERTIFICATE-----\nnonsense\n");
        Await.until("it is complained of", () -> {
            rig.proxy().followFiles();
            return said("tls.crt") && said("served on");
        });
        assertThat(serial(opening())).isEqualTo(before);
        visit();
        renew();
        Await.until("what is right again is served", () -> {
            rig.proxy().followFiles();
            return serial(opening()).equals(serialOnDisk());
        });
        assertThat(serialOnDisk()).isNotEqualTo(before);
    }

    private boolean said(String words) {
        return log.said().stream().anyMatch(sentence -> sentence.contains(words));
    }

    private void renew() {
        WaysRig.command("certificate", PROXY, "--out", directory.toString());
    }

    private BigInteger serialOnDisk() {
        return TrustedCertificates.read(directory.resolve("tls.crt").toString())
                .certificates()
                .get(0)
                .getSerialNumber();
    }

    /** A tunnel, used once. */
    private Void visit() throws Exception {
        try (RawClient client = opened()) {
            assertThat(echoed(client)).isTrue();
        }
        return null;
    }

    private RawClient opened() throws Exception {
        RawClient client = new RawClient(opening());
        assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        assertThat(client.say(HELLO).socket().getInputStream().readNBytes(HELLO.length))
                .isEqualTo(HELLO);
        return client;
    }

    private static boolean echoed(RawClient client) throws IOException {
        byte[] word = "still there".getBytes(US_ASCII);
        return new String(client.say(word).socket().getInputStream().readNBytes(word.length), US_ASCII)
                .equals("still there");
    }

    /** TLS to the proxy, verified; no session is taken up again. */
    private SSLSocket opening() {
        try {
            Socket raw = new Socket(rig.address().getAddress(), rig.address().getPort());
            SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket(raw, PROXY, raw.getPort(), true);
            socket.setSoTimeout(20_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            served.add(serial(socket));
            return socket;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BigInteger serial(SSLSocket socket) {
        try {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
