package io.konnectproxy.server.kong;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.konnectproxy.server.tls.ThrowawayCa;
import io.konnectproxy.support.KongClient;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Pipe;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The stand-in for Kong behaves as Kong does, in front of the proxy, of a TLS proxy and of proxies that misbehave. */
class KongClientIT {
    private static final String PROXY = "proxy.corp.example";

    private static MockWebServer konnect;
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        konnect = new MockWebServer();
        konnect.useHttps(Rig.CA.serverContext(List.of(Rig.HOST)).getSocketFactory());
        konnect.start();
        rig = new Rig(Origin.plain(Pipe.to(konnect.getPort())), "");
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
        konnect.close();
    }

    static Stream<String> ways() {
        return Stream.of("plain", "TLSv1.2", "TLSv1.3", "unverified");
    }

    /** The proxy itself, or behind TLS of the test's. */
    private static KongClient by(String way, int tlsPort) throws Exception {
        InetSocketAddress tls = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), tlsPort);
        return switch (way) {
            case "plain" -> KongClient.http(rig.address());
            case "unverified" -> KongClient.httpsUnverified(tls, PROXY);
            default -> KongClient.https(tls, PROXY, Rig.CA.clientContext()).speaking(way);
        };
    }

    private static Origin tlsProxy(ThrowawayCa ca) throws Exception {
        return Origin.secured(
                ca.serverContext(List.of(PROXY)), Pipe.to(rig.address().getPort()));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void speaks_with_its_control_plane_through(String way) throws Exception {
        konnect.enqueue(new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {})
                .build());
        try (Origin proxy = tlsProxy(Rig.CA);
                KongClient.Channel channel = by(way, proxy.port()).connect(Rig.HOST)) {
            channel.secure(Rig.CA.clientContext()).upgrade();
            assertThat(channel.ping("00000000000000000000000000000000")).isEqualTo("00000000000000000000000000000000");
            assertThat(konnect.takeRequest(5, TimeUnit.SECONDS).getTarget()).startsWith("/v1/outlet?");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void says_what_kong_logs_when_it_is_refused(String way) throws Exception {
        int decisions = rig.audit().decisions().size();
        try (Origin proxy = tlsProxy(Rig.CA)) {
            KongClient.Refused refused = catchThrowableOfType(
                    KongClient.Refused.class, () -> by(way, proxy.port()).connect("evil.example"));

            assertThat(refused).hasMessage("error establishing a connection to the proxy server, got status 403");
            assertThat(refused.head()).contains("\r\nX-Konnect-Proxy-Reason: host_not_konnect\r\n");
            assertThat(refused.parted()).isTrue();
            assertThat(rig.audit().decisions()).hasSize(decisions + 1);
        }
    }

    @Test
    void sends_its_request_and_nothing_more_and_leaves_with_six_bytes() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (Origin proxy = Origin.plain(client -> {
            byte[] request = new byte[4096];
            seen.add(new String(request, 0, client.getInputStream().read(request), US_ASCII));
            client.getOutputStream().write("HTTP/1.1 407 \r\nContent-Length: 4\r\n\r\nbody".getBytes(US_ASCII));
            seen.add(Integer.toHexString(client.getInputStream().readAllBytes()[0] & 0xff));
        })) {
            assertThatExceptionOfType(KongClient.Refused.class)
                    .isThrownBy(() ->
                            KongClient.http(loopback(proxy)).as("user", "pass").connect(Rig.HOST))
                    .withMessageEndingWith("got status 407");
            assertThat(seen.poll(5, TimeUnit.SECONDS).split("\r\n", -1))
                    .containsExactly(
                            "CONNECT 0646a7d680.us.cp0.konghq.com:443 HTTP/1.1",
                            "Host: 0646a7d680.us.cp0.konghq.com:443",
                            "Proxy-Connection: Keep-Alive",
                            "Proxy-Authorization: Basic dXNlcjpwYXNz",
                            "",
                            "");
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("88");
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.0 200 OK", "HTTP/1.1 201 Created", "HTTP/1.1 2000 OK", "HTTP/2 200"})
    void takes_nothing_for_a_tunnel_but_an_http_1_1_200(String statusLine) throws Exception {
        try (Origin proxy = answering(statusLine + "\r\n\r\n")) {
            assertThatExceptionOfType(KongClient.Refused.class)
                    .isThrownBy(() -> KongClient.http(loopback(proxy)).connect(Rig.HOST));
        }
    }

    @Test
    void takes_every_byte_after_the_empty_line_for_the_tunnels() throws Exception {
        try (Origin proxy = answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
                KongClient.Channel channel = KongClient.http(loopback(proxy)).connect(Rig.HOST)) {
            assertThat(channel.tunnel().getInputStream().readNBytes(4)).isEqualTo("body".getBytes(US_ASCII));
        }
    }

    @Test
    void trusts_no_proxy_but_that_of_its_authority_and_name() throws Exception {
        try (Origin stranger = tlsProxy(new ThrowawayCa());
                Origin proxy = tlsProxy(Rig.CA)) {
            assertThatExceptionOfType(SSLException.class)
                    .isThrownBy(() -> by("TLSv1.3", stranger.port()).connect(Rig.HOST));
            assertThatExceptionOfType(SSLException.class)
                    .isThrownBy(() -> KongClient.https(loopback(proxy), "other.example", Rig.CA.clientContext())
                            .connect(Rig.HOST));
            assertThatExceptionOfType(SSLException.class)
                    .isThrownBy(() -> KongClient.https(loopback(proxy), "127.0.0.1", Rig.CA.clientContext())
                            .connect(Rig.HOST));
        }
    }

    @Test
    void offers_the_proxy_its_name_and_no_protocol() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        SSLServerSocket listener = (SSLServerSocket) Rig.CA
                .serverContext(List.of(PROXY))
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        Thread proxy = new Thread(
                () -> {
                    try (SSLSocket client = (SSLSocket) listener.accept()) {
                        client.setHandshakeApplicationProtocolSelector((socket, offered) -> {
                            seen.add("offered " + offered);
                            return null;
                        });
                        client.startHandshake();
                        seen.add(((SNIHostName) ((javax.net.ssl.ExtendedSSLSession) client.getSession())
                                        .getRequestedServerNames()
                                        .get(0))
                                .getAsciiName());
                    } catch (IOException e) {
                        seen.add(e.toString());
                    }
                },
                "proxy");
        proxy.start();
        try (listener) {
            InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> KongClient.https(address, PROXY, Rig.CA.clientContext())
                            .connect(Rig.HOST));
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo(PROXY);
        }
    }

    private static Origin answering(String answer) throws IOException {
        return Origin.plain((Socket client) -> {
            if (client.getInputStream().read(new byte[4096]) > 0) {
                client.getOutputStream().write(answer.getBytes(US_ASCII));
                client.getInputStream().readAllBytes();
            }
        });
    }

    private static InetSocketAddress loopback(Origin origin) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), origin.port());
    }
}
