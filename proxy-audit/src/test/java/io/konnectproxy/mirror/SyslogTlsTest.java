package io.konnectproxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.mirror.SyslogTransport.Deadlines;
import io.konnectproxy.siem.LineFormat;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Syslog over TLS: to whom lines are given, and to whom they are not. */
class SyslogTlsTest {
    private static final DeliveryQueue.Bounds BOUNDS = new DeliveryQueue.Bounds(1_000, 16 << 20, 100, 64 << 10);
    private static final Deadlines SHORT =
            new Deadlines(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

    @RegisterExtension
    private final LogCapture log =
            LogCapture.of("io.konnectproxy.mirror").expecting("The mirror syslog+tls://localhost:");

    private final TestAuthority ca;

    SyslogTlsTest() throws GeneralSecurityException {
        ca = new TestAuthority();
    }

    @Test
    void lines_go_to_a_receiver_with_the_right_certificate() throws Exception {
        try (SyslogReceiver receiver = receiver(ca, "localhost", "TLSv1.3", "TLSv1.2")) {
            assertThat(missedBy(receiver.port(), ca)).isEmpty();
            Await.until("all are there", () -> receiver.messages.size() == 300);
            assertThat(receiver.texts()).isEqualTo(TrailLines.numbered(1, 300));
            assertThat(receiver.faults).isEmpty();
            Await.until("the end is seen", () -> receiver.connections.get(0).isClosed());
            assertThat(receiver.broken).as("TLS was ended in order").isEmpty();
        }
    }

    @Test
    void tls_1_2_will_do() throws Exception {
        try (SyslogReceiver receiver = receiver(ca, "localhost", "TLSv1.2")) {
            assertThat(missedBy(receiver.port(), ca)).isEmpty();
            Await.until("all are there", () -> receiver.messages.size() == 300);
        }
    }

    @Test
    void a_certificate_from_nobody_who_is_trusted_gets_none() throws Exception {
        try (SyslogReceiver receiver = receiver(new TestAuthority(), "localhost", "TLSv1.3")) {
            assertThat(missedBy(receiver.port(), ca))
                    .get()
                    .extracting(Missed::count, Missed::reason)
                    .containsExactly(300L, "its certificate is from nobody who is trusted");
            assertThat(receiver.messages).isEmpty();
        }
    }

    @Test
    void a_certificate_for_another_name_gets_none() throws Exception {
        try (SyslogReceiver receiver = receiver(ca, "logs.corp", "TLSv1.3")) {
            assertThat(missedBy(receiver.port(), ca))
                    .get()
                    .extracting(Missed::count, Missed::reason)
                    .containsExactly(300L, "its certificate is for another name");
            assertThat(receiver.messages).isEmpty();
        }
    }

    @Test
    void nothing_is_ever_sent_in_the_clear() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerInTheClear(plain));
            answering.setDaemon(true);
            answering.start();
            assertThat(missedBy(plain.getLocalPort(), ca))
                    .get()
                    .extracting(Missed::count, Missed::reason)
                    .containsExactly(300L, "there is no TLS with it");
        }
        // The last connection may be closed before it says anything.
        assertThat(firstBytes).contains(0x16).isSubsetOf(0x16, -1);
    }

    private final List<Integer> firstBytes = new CopyOnWriteArrayList<>();

    private void answerInTheClear(ServerSocket plain) {
        while (!plain.isClosed()) {
            try (Socket connection = plain.accept()) {
                firstBytes.add(connection.getInputStream().read());
                connection.getOutputStream().write("220 welcome\r\n".getBytes(StandardCharsets.US_ASCII));
                connection.getInputStream().readNBytes(10_000);
            } catch (IOException e) {
                // The next one.
            }
        }
    }

    /** What a mirror misses that is ended as soon as it is known whether lines get through. */
    private Optional<Missed> missedBy(int port, TestAuthority trusted) throws GeneralSecurityException {
        SSLContext context = new TrustedCertificates("ca.crt", List.of(trusted.certificate())).clientContext();
        PeerMirror mirror = new PeerMirror(
                "syslog+tls://localhost:" + port,
                new SyslogTransport("proxy-1", "localhost", port, Optional.of(context), LineFormat.LINE, SHORT),
                BOUNDS);
        TrailLines.numbered(1, 300).forEach(mirror::print);
        Await.until(
                "it got through or not",
                () -> mirror.waiting() == 0 || !mirror.trouble().isEmpty());
        mirror.beginEnd();
        mirror.awaitEnd(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(mirror.waiting() == 0 ? 10_000 : 200));
        return mirror.missed();
    }

    private static SyslogReceiver receiver(TestAuthority issuer, String name, String... protocols) throws Exception {
        SSLServerSocket server = (SSLServerSocket) issuer.serverContext(List.of(name))
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        server.setEnabledProtocols(protocols);
        return new SyslogReceiver(server);
    }
}
