package io.konnectproxy.server.demo;

import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.StartupException;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.tls.ThrowawayCa;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.VerifyResult;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;

/**
 * The offline demonstration: the real proxy, with a configuration file, between a client and a stand-in for Konnect,
 * all on loopback. Each request is shown with its answer and its audit line.
 */
public final class Demonstration {
    private static final String HOST = "0646a7d680.us.cp0.konghq.com";
    private static final int PATIENCE_MILLIS = 10_000;

    private static final List<RefusedTarget> REFUSED = List.of(
            new RefusedTarget("A region that is not enabled", "0646a7d680.eu.cp0.konghq.com:443", "region_not_enabled"),
            new RefusedTarget("A foreign host", "www.example.com:443", "host_not_konnect"),
            new RefusedTarget("Another port", HOST + ":8443", "port_not_allowed"),
            new RefusedTarget("An IP address", "169.254.169.254:443", "ip_literal"));

    /** A request that must be refused, with the expected reason. */
    private record RefusedTarget(String title, String target, String reason) {}

    private final PrintWriter out;
    private final ThrowawayCa ca;
    private final InetSocketAddress proxy;
    private final AuditFollower audit;
    private final UnaryOperator<String> shown;

    private Demonstration(
            PrintWriter out,
            ThrowawayCa ca,
            InetSocketAddress proxy,
            AuditFollower audit,
            UnaryOperator<String> shown) {
        this.out = out;
        this.shown = shown;
        this.ca = ca;
        this.proxy = proxy;
        this.audit = audit;
    }

    /**
     * Runs the demonstration.
     *
     * @param shown formats an audit line
     * @return whether every result was the expected one
     */
    public static boolean run(PrintWriter out, UnaryOperator<String> shown)
            throws IOException, GeneralSecurityException, ConfigurationException, StartupException,
                    InterruptedException {
        return run(out, shown, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Has its own directory in the given one. */
    static boolean run(PrintWriter out, UnaryOperator<String> shown, Path parent)
            throws IOException, GeneralSecurityException, ConfigurationException, StartupException,
                    InterruptedException {
        Path folder = Files.createTempDirectory(parent, "konnect-proxy-demo");
        Path file = folder.resolve("konnect-proxy.yaml");
        Path audit = folder.resolve("audit.jsonl");
        ThrowawayCa ca = new ThrowawayCa();
        try (StandInKonnect konnect = new StandInKonnect(ca, List.of(HOST));
                StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"))) {
            Files.writeString(file, configuration(audit, dns.address()));
            Configuration configuration =
                    ConfigurationLoader.load(file, Map.of()).configuration();
            try (ProxyServer proxy = ProxyServer.startBeforeStandIn(configuration, konnect.port())) {
                InetSocketAddress address = proxy.listeners().get(0);
                boolean proven = new Demonstration(out, ca, address, new AuditFollower(audit), shown).showAll();
                proxy.drain();
                proven &= showTrail(out, audit);
                out.println(
                        proven ? "All as it should be." : "Not all is as it should be: see the lines marked with !.");
                return proven;
            }
        } finally {
            remove(folder);
        }
    }

    /** Verifies the audit trail, and prints the result. */
    private static boolean showTrail(PrintWriter out, Path audit) throws IOException {
        try (Segments segments = Segments.of(List.of(audit))) {
            VerifyResult result = new TrailCheck(List.of(), new TreeMap<>()).run(segments, (bytes, lines) -> {});
            boolean whole = result instanceof VerifyResult.Intact;
            out.println(
                    whole
                            ? "The audit trail is one whole chain of "
                                    + ((VerifyResult.Intact) result).extent().lines() + " lines, from start to stop."
                            : "! the audit trail is broken: " + result);
            return whole;
        } catch (TrailException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : all.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(folder);
    }

    private static String configuration(Path audit, InetSocketAddress dns) {
        return String.join(
                "\n",
                "listen: [{address: '127.0.0.1:0'}]",
                "regions: [us]",
                "dns: {servers: ['" + NetUtil.toSocketAddressString(dns) + "']}",
                "permit-addresses: [127.0.0.0/8]",
                "audit: {file: " + quoted(audit) + ", stdout: false}",
                "admin: {address: '127.0.0.1:0'}",
                "");
    }

    /** In YAML's single quotes, in which only these have a meaning. */
    static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }

    private boolean showAll() throws IOException, GeneralSecurityException, InterruptedException {
        out.println("The proxy listens on " + NetUtil.toSocketAddressString(proxy)
                + " with 'regions: [us]'. A stand-in plays Konnect; nothing leaves this machine.");
        boolean asExpected = showPermitted();
        for (RefusedTarget refused : REFUSED) {
            asExpected &= showRefused(refused);
        }
        out.println();
        return asExpected;
    }

    private boolean showPermitted() throws IOException, GeneralSecurityException, InterruptedException {
        title("A Konnect host of an enabled region", HOST + ":443");
        boolean asExpected;
        try (Socket socket = connect(HOST + ":443")) {
            String status = statusLine(readHead(socket));
            asExpected = expect(status, "HTTP/1.1 200 Connection established");
            if (asExpected) {
                asExpected = expect(readThrough(socket), StandInKonnect.GREETING);
            }
        }
        asExpected &= showAudit("\"verdict\":\"permitted\"");
        return asExpected && showAudit("\"event\":\"tunnel\"");
    }

    private boolean showRefused(RefusedTarget refused) throws IOException, InterruptedException {
        title(refused.title, refused.target);
        boolean asExpected;
        try (Socket socket = connect(refused.target)) {
            String head = readHead(socket);
            out.println("  answer  " + statusLine(head));
            asExpected = head.contains("X-Konnect-Proxy-Reason: " + refused.reason + "\r\n");
        }
        return asExpected && showAudit("\"reason\":\"" + refused.reason + "\"");
    }

    private void title(String title, String target) {
        out.println();
        out.println(title + ": CONNECT " + target);
    }

    private boolean expect(String seen, String expected) {
        boolean asExpected = seen.equals(expected);
        out.println((asExpected ? "  answer  " : "! answer  ") + seen);
        return asExpected;
    }

    private boolean showAudit(String expected) throws IOException, InterruptedException {
        Optional<String> line = audit.await(expected);
        out.println(line.map(l -> "  audit   " + shown.apply(l)).orElse("! audit   no line with " + expected));
        return line.isPresent();
    }

    private Socket connect(String target) throws IOException {
        Socket socket = new Socket(proxy.getAddress(), proxy.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        String head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String readHead(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String statusLine(String head) {
        return head.lines().findFirst().orElse("nothing");
    }

    /** The answer of the stand-in inside the tunnel, in TLS that the proxy cannot decrypt. */
    private String readThrough(Socket socket) throws IOException, GeneralSecurityException {
        try (SSLSocket tls =
                (SSLSocket) ca.clientContext().getSocketFactory().createSocket(socket, HOST, EgressPolicy.PORT, true)) {
            tls.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(tls.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }
}
