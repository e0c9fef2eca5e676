package io.konnectproxy.server.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Pem;
import io.konnectproxy.support.Pipe;
import io.konnectproxy.support.Programs;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients, and the exact bytes of those that are not here, through the real proxy to a real TLS server. */
class ClientsIT {
    private static final String HOST = Rig.HOST;

    @TempDir
    private static Path directory;

    @AutoClose
    private static Rig rig;

    private static Path caFile;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.standard();
        caFile = directory.resolve("ca.pem");
        Files.writeString(caFile, Pem.of(Rig.CA.certificate()));
    }

    static boolean curl() {
        return Programs.onPath("curl");
    }

    static boolean openssl() {
        return Programs.onPath("openssl");
    }

    static boolean python() {
        return Programs.onPath("python3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Kong Gateway, without and with credentials in its URL.
                "CONNECT %1$s:443 HTTP/1.1\r\nHost: %1$s:443\r\nProxy-Connection: Keep-Alive\r\n\r\n",
                "CONNECT %1$s:443 HTTP/1.1\r\nHost: %1$s:443\r\nProxy-Connection: Keep-Alive\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n",
                // Go: decK, Kong Ingress Controller, Terraform, kongctl.
                "CONNECT %1$s:443 HTTP/1.1\r\nHost: %1$s:443\r\nUser-Agent: Go-http-client/1.1\r\n\r\n",
                // openssl s_client -proxy, and older Pythons.
                "CONNECT %1$s:443 HTTP/1.0\r\nProxy-Connection: Keep-Alive\r\n\r\n",
                "CONNECT %1$s:443 HTTP/1.0\r\n\r\n",
                // lua-resty-http.
                "CONNECT %1$s:443 HTTP/1.1\r\nUser-Agent: lua-resty-http/0.17\r\nHost: %1$s:443\r\n\r\n",
                // Host without port, and ignored fields.
                "CONNECT %1$s:443 HTTP/1.1\r\nHost: %1$s\r\nExpect: 100-continue\r\nUpgrade: h2c\r\nTE: trailers\r\n\r\n",
            })
    void serves_the_exact_bytes_of(String head) throws Exception {
        try (RawClient client = rig.client()) {
            Answer answer = client.say(String.format(head, HOST)).answer();
            assertThat(answer.head()).isEqualTo("HTTP/1.1 200 Connection established\r\n\r\n");
            assertThat(get(client)).endsWith("served");
        }
    }

    @Test
    void folds_the_letter_case_of_the_host() throws Exception {
        try (RawClient client = rig.client()) {
            assertThat(client.connect("0646A7D680.US.CP0.KongHQ.com").answer().status())
                    .isEqualTo(200);
            assertThat(get(client)).endsWith("served");
        }
    }

    /** A data plane sends the beginnings of a WebSocket close frame after any refusal, then waits and comes back. */
    @Test
    void takes_what_kong_sends_after_a_refusal_for_no_request() throws Exception {
        int decisions = rig.audit().decisions().size();
        try (RawClient client = rig.client()) {
            assertThat(client.connect("evil.com").answer().status()).isEqualTo(403);
            client.say(new byte[] {(byte) 0x88, (byte) 0x80, 1, 2, 3, 4});
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(rig.served()).isEqualTo("served");
        assertThat(rig.audit().decisions()).hasSize(decisions + 2);
    }

    @Test
    void serves_the_jdks_http_client() throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .proxy(ProxySelector.of(rig.address()))
                .sslContext(Rig.CA.clientContext())
                .build();
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("https://" + HOST + "/")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo("served");
    }

    @Test
    void tells_okhttp_why_it_refuses() {
        OkHttpClient client = okHttp(rig);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> client.newCall(
                                new Request.Builder().url("https://evil.com/").build())
                        .execute()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("403");
    }

    @Test
    @EnabledIf("curl")
    void serves_curl() throws Exception {
        String proxy = "http://127.0.0.1:" + rig.address().getPort();
        assertThat(Programs.run(
                        "", "curl", "-sS", "--proxy", proxy, "--cacert", caFile.toString(), "https://" + HOST + "/"))
                .isEqualTo("served");
        assertThat(Programs.run("", "curl", "-sS", "--proxy", proxy, "https://evil.com/"))
                .contains("403");
    }

    @Test
    @EnabledIf("openssl")
    void serves_openssl() throws Exception {
        assertThat(Programs.run(
                        "GET / HTTP/1.1\r\n\r\n",
                        "openssl",
                        "s_client",
                        "-quiet",
                        "-proxy",
                        "127.0.0.1:" + rig.address().getPort(),
                        "-servername",
                        HOST,
                        "-CAfile",
                        caFile.toString(),
                        "-verify_return_error",
                        "-connect",
                        HOST + ":443"))
                .contains("served");
    }

    @Test
    @EnabledIf("python")
    void serves_pythons_http_client() throws Exception {
        String program = String.join(
                "\n",
                "import http.client, ssl",
                "c = http.client.HTTPSConnection('127.0.0.1', " + rig.address().getPort()
                        + ", context=ssl.create_default_context(cafile='" + caFile + "'))",
                "c.set_tunnel('" + HOST + "', 443)",
                "c.request('GET', '/')",
                "print(c.getresponse().read().decode())");
        assertThat(Programs.run("", "python3", "-c", program)).contains("served");
    }

    @Test
    void carries_a_websocket_with_frames_of_16_mib_both_ways() throws Exception {
        CompletableFuture<ByteString> seenByServer = new CompletableFuture<>();
        CompletableFuture<ByteString> seenByClient = new CompletableFuture<>();
        byte[] large = new byte[16 * 1024 * 1024 - 64];
        new Random(1).nextBytes(large);
        ByteString frame = ByteString.of(large);
        try (MockWebServer konnect = new MockWebServer()) {
            konnect.useHttps(Rig.CA.serverContext(List.of(HOST)).getSocketFactory());
            konnect.enqueue(new MockResponse.Builder()
                    .webSocketUpgrade(new WebSocketListener() {
                        @Override
                        public void onMessage(WebSocket socket, ByteString bytes) {
                            seenByServer.complete(bytes);
                            socket.send(bytes);
                        }
                    })
                    .build());
            konnect.start();
            try (Rig before = new Rig(Origin.plain(Pipe.to(konnect.getPort())), "")) {
                OkHttpClient client = okHttp(before);
                WebSocket socket = client.newWebSocket(
                        new Request.Builder()
                                .url("https://" + HOST + "/v1/outlet")
                                .build(),
                        new WebSocketListener() {
                            @Override
                            public void onMessage(WebSocket socket, ByteString bytes) {
                                seenByClient.complete(bytes);
                            }

                            @Override
                            public void onFailure(WebSocket socket, Throwable cause, Response response) {
                                seenByClient.completeExceptionally(cause);
                            }
                        });
                assertThat(socket.send(frame)).isTrue();
                assertThat(seenByServer.get(60, TimeUnit.SECONDS)).isEqualTo(frame);
                assertThat(seenByClient.get(60, TimeUnit.SECONDS)).isEqualTo(frame);
                socket.cancel();
                client.dispatcher().executorService().shutdown();
                client.connectionPool().evictAll();
            }
        }
    }

    private static OkHttpClient okHttp(Rig rig) {
        try {
            return new OkHttpClient.Builder()
                    .proxy(new Proxy(Proxy.Type.HTTP, rig.address()))
                    .sslSocketFactory(Rig.CA.clientContext().getSocketFactory(), Rig.trustManager())
                    .build();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String get(RawClient client) throws Exception {
        try (SSLSocket tls = client.tls(Rig.CA.clientContext(), HOST)) {
            tls.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            return new String(tls.getInputStream().readAllBytes(), US_ASCII);
        }
    }
}
