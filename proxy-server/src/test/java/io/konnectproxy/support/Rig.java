package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.tls.ThrowawayCa;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509TrustManager;
import org.slf4j.LoggerFactory;

/** The real proxy on loopback, started from a configuration file, with a name server and an upstream of the test's. */
public final class Rig implements AutoCloseable {
    public static final String HOST = "0646a7d680.us.cp0.konghq.com";
    public static final ThrowawayCa CA = newCa();

    static {
        // Tests end and refuse more in a minute than a data plane does in ten. DataPlaneLogTest looks at what is said
        // of that.
        ((Logger) LoggerFactory.getLogger("data-planes")).setLevel(Level.OFF);
    }

    private final Path directory;
    private final StandInDns dns;
    private final Origin origin;
    private final String moreAudit;
    private final ProxyServer proxy;
    private final AuditLines audit;

    /** Trusts {@link #CA} and no other. */
    public static X509TrustManager trustManager() throws GeneralSecurityException {
        return (X509TrustManager) new TrustedCertificates("memory", List.of(CA.certificate()))
                .trustManagers()
                .getTrustManagers()[0];
    }

    /** With every name at 127.0.0.1 and a TLS origin for {@link #HOST}. */
    public static Rig standard() throws Exception {
        return new Rig(Origin.tls(CA, HOST), "");
    }

    public static Rig listeningOn(String host) throws Exception {
        return new Rig(Origin.tls(CA, HOST), "listen: [{address: \"" + host + ":0\"}]\n");
    }

    public Rig(Origin origin, String moreConfiguration) throws Exception {
        this(origin, StandInDns.start(question -> StandInAnswer.of("127.0.0.1")), moreConfiguration);
    }

    public Rig(Origin origin, StandInDns dns, String moreConfiguration) throws Exception {
        this(origin, dns, "", moreConfiguration);
    }

    /**
     * With more in the configuration's part about the audit trail.
     *
     * @param moreAudit keys of {@code audit}, with a comma before each
     */
    public Rig(Origin origin, StandInDns dns, String moreAudit, String moreConfiguration) throws Exception {
        this.origin = origin;
        this.dns = dns;
        this.directory = Files.createTempDirectory("konnect-proxy-test");
        this.moreAudit = moreAudit;
        this.proxy = ProxyServer.startBeforeStandIn(written(moreConfiguration).configuration(), origin.port());
        this.audit = new AuditLines(auditFile());
    }

    /** The same configuration with other keys of the test's. */
    private LoadedConfiguration written(String moreConfiguration) throws Exception {
        Path file = directory.resolve("konnect-proxy.yaml");
        String defaults = moreConfiguration.contains("admin:") ? "" : "admin: {address: \"127.0.0.1:0\"}\n";
        defaults += "audit: {file: \"" + auditFile() + "\", stdout: false" + moreAudit + "}\n";
        String optional = moreConfiguration.contains("listen:") ? "" : "listen: [{address: \"127.0.0.1:0\"}]\n";
        // Most tests look for the line of each refusal.
        optional += moreConfiguration.contains("limits:") ? "" : "limits: {refusals-per-minute: 500}\n";
        optional += moreConfiguration.contains("regions:") ? "" : "regions: [us, eu]\n";
        optional += moreConfiguration.contains("dns:")
                ? ""
                : "dns: {servers: [\"" + NetUtil.toSocketAddressString(dns.address()) + "\"]}\n";
        optional += moreConfiguration.contains("permit-addresses:") ? "" : "permit-addresses: [127.0.0.0/8]\n";
        Files.writeString(
                file,
                defaults + optional + moreConfiguration.replace("DNS", NetUtil.toSocketAddressString(dns.address())));
        return ConfigurationLoader.load(file, Map.of());
    }

    /** Puts the same configuration with other keys of the test's in force. */
    public ProxyServer.Reloaded reload(String moreConfiguration) throws Exception {
        return proxy.reload(written(moreConfiguration));
    }

    /** Where the files of this rig are. */
    public Path directory() {
        return directory;
    }

    private static ThrowawayCa newCa() {
        try {
            return new ThrowawayCa();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public InetSocketAddress address() {
        return proxy.listeners().get(0);
    }

    public ProxyServer proxy() {
        return proxy;
    }

    public Origin origin() {
        return origin;
    }

    public Path auditFile() {
        return directory.resolve("audit.jsonl");
    }

    public AuditLines audit() {
        return audit;
    }

    /** What a probe of readiness is answered. */
    public int readiness() throws IOException {
        URI ready = URI.create("http://127.0.0.1:" + proxy.admin().getPort() + "/readyz");
        return ((HttpURLConnection) ready.toURL().openConnection(Proxy.NO_PROXY)).getResponseCode();
    }

    public RawClient client() throws IOException {
        return new RawClient(address());
    }

    /** A tunnel that relays, before an origin that echoes. */
    public RawClient openTunnel() throws Exception {
        RawClient client = client();
        assertThat(client.connect(HOST).answer().status()).isEqualTo(200);
        byte[] hello = Hellos.naming(HOST);
        client.say(hello);
        assertThat(client.socket().getInputStream().readNBytes(hello.length)).isEqualTo(hello);
        return client;
    }

    /** One tunnel, used once; what an honest client does. */
    public String served() throws Exception {
        try (RawClient client = client()) {
            RawClient.Answer answer = client.connect(HOST).answer();
            if (!answer.head().equals("HTTP/1.1 200 Connection established\r\n\r\n")) {
                return answer.head() + answer.body();
            }
            try (SSLSocket tls = client.tls(CA.clientContext(), HOST)) {
                tls.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
                String response = new String(tls.getInputStream().readAllBytes(), US_ASCII);
                return response.substring(response.indexOf("\r\n\r\n") + 4);
            }
        }
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        origin.close();
        dns.close();
        if (Files.isRegularFile(auditFile())) {
            // Every line that any of these tests has caused is looked at.
            assertThat(audit.all()).isNotEmpty();
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
