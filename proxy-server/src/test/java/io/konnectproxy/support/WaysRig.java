package io.konnectproxy.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.command.KonnectProxyCommand;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.ProxyUser.Login;
import io.konnectproxy.support.ProxyUser.Security;
import io.konnectproxy.support.ProxyUser.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import okhttp3.WebSocketListener;

/**
 * The real proxy before a stand-in for Konnect that serves requests and WebSockets. It has four listeners: plain and TLS, each
 * open and with credentials. What they need was made by the commands that an operator would make it with.
 */
public final class WaysRig implements AutoCloseable {
    public static final String PROXY = "proxy.example.com";
    /** A password that has to be percent-encoded in a URL. */
    public static final Login RIGHT = new Login("dp-payments", "p@ss:w%rd/#");

    private final Path directory;
    private final MockWebServer konnect = new MockWebServer();
    private final Optional<RealParent> parent;
    private final Rig rig;

    /**
     * Started by the time that it is there.
     *
     * @param parent makes the one that the proxy goes through, for a stand-in for Konnect at a port
     */
    public WaysRig(Optional<RealParent.Maker> parent) throws Exception {
        directory = Files.createTempDirectory("konnect-proxy-ways");
        Path password = Files.writeString(file("password"), RIGHT.password());
        command("certificate", PROXY, "127.0.0.1", "--out", file("tls").toString());
        command("user", RIGHT.user(), "--file", file("users").toString(), "--password-file", password.toString());
        Files.writeString(file("konnect.pem"), Pem.of(Rig.CA.certificate()));
        konnect.useHttps(Rig.CA.serverContext(List.of(Rig.HOST)).getSocketFactory());
        konnect.setProtocols(List.of(Protocol.HTTP_1_1));
        konnect.setDispatcher(new Konnect());
        konnect.start();
        Origin origin = Origin.plain(Pipe.to(konnect.getPort()));
        this.parent =
                parent.isPresent() ? Optional.of(parent.get().before(origin.port(), directory)) : Optional.empty();
        rig = new Rig(origin, StandInDns.start(question -> StandInAnswer.of("127.0.0.1")), configuration());
    }

    private String configuration() {
        String tls = ", tls: {certificate: \"" + file("tls/tls.crt") + "\", key: \"" + file("tls/tls.key") + "\"}";
        String users = ", credentials: \"" + file("users") + "\"";
        String listeners = Stream.of("", tls, users, tls + users)
                .map(demands -> "  - {address: \"127.0.0.1:0\"" + demands + "}\n")
                .reduce("listen:\n", String::concat);
        return listeners + "clients: [{name: payments, user: " + RIGHT.user() + ", purposes: [data-plane]}]\n"
                + parent.map(RealParent::configuration).orElse("");
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    public static void command(String... arguments) {
        StringWriter said = new StringWriter();
        int code = KonnectProxyCommand.execute(new PrintWriter(said), new PrintWriter(said), Map.of(), arguments);
        assertThat(code).as(said.toString()).isZero();
    }

    /** How a client reaches one of the listeners. */
    public Settings settings(Security security, boolean withCredentials, Optional<Login> login) {
        int listener = (security == Security.PLAIN ? 0 : 1) + (withCredentials ? 2 : 0);
        return new Settings(
                rig.proxy().listeners().get(listener), security, PROXY, file("tls/ca.crt"), file("konnect.pem"), login);
    }

    public Rig rig() {
        return rig;
    }

    public AuditLines audit() {
        return rig.audit();
    }

    /** What stands in the audit lines for the parent; empty where there is none. */
    public String via() {
        return parent.map(RealParent::url).orElse("");
    }

    /** Connections that Konnect has seen. */
    public int reached() {
        return rig.origin().accepted();
    }

    @Override
    public void close() throws IOException {
        rig.close();
        parent.ifPresent(RealParent::close);
        konnect.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Answers requests, and takes whoever wants one to a WebSocket. */
    private static final class Konnect extends Dispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest request) {
            return "websocket".equals(request.getHeaders().get("Upgrade"))
                    ? new MockResponse.Builder()
                            .webSocketUpgrade(new WebSocketListener() {})
                            .build()
                    : new MockResponse.Builder()
                            .body("served")
                            .addHeader("Connection", "close")
                            .build();
        }
    }
}
