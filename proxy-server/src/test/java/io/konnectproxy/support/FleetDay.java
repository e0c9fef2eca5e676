package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.konnectproxy.journal.Clocks;
import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.tls.ThrowawayCa;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * The day of a fleet in seconds, over real sockets: twenty data planes, of which some have a trouble, and an attacker. The clocks
 * of the proxy are moved between one step and the next; the day ends now.
 */
public final class FleetDay implements AutoCloseable {
    public static final String CONTROL_PLANE = "0646a7d680";
    public static final int DATA_PLANES = 20;
    /** Asks for its control plane in a region that is not enabled. */
    public static final int WRONG_REGION = 3;

    public static final int WRONG_PASSWORD = 7;
    /** Is shown the certificate of an authority that it does not know. */
    public static final int INTERCEPTED = 11;
    /** Loses its tunnels again and again in the last ten minutes. */
    public static final int FLAPS = 15;
    /** Has its tunnels until 14:00. */
    public static final int LOST = 18;

    public static final String ATTACKER = "127.0.2.66";
    /** What the attacker asks for at 03:00, once each, before it tries passwords of eight users. */
    public static final List<String> ATTACKS = List.of(
            "169.254.169.254:80", "169.254.169.254:443", "10.0.0.5:443", "127.0.0.1:443", "evil.example.com:443");

    /** How often each trouble shows in each hour. */
    private static final int TIMES = 6;

    private static final String HOST = CONTROL_PLANE + ".us.cp0.konghq.com";
    private static final String TELEMETRY = CONTROL_PLANE + ".us.tp0.konghq.com";
    private static final int HOURS = 24;

    private final Path directory;
    private final StandInDns dns = StandInDns.start(question ->
            question.name().endsWith(".invalid") ? StandInAnswer.noSuchName() : StandInAnswer.of("127.0.0.1"));
    private final Origin origin;
    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(HOURS));
    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
    private final ProxyServer proxy;
    private final Map<Integer, List<SSLSocket>> tunnels = new HashMap<>();
    private final ThrowawayCa unknown = new ThrowawayCa();

    /** Starts the proxy at the beginning of the day. */
    public FleetDay(Path directory) throws Exception {
        this.directory = directory;
        this.origin = Origin.overTls(
                Rig.CA.serverContext(List.of(
                        HOST,
                        TELEMETRY,
                        CONTROL_PLANE + ".us.cp.konghq.com",
                        CONTROL_PLANE + ".us.tp.konghq.com",
                        "us.api.konghq.com")),
                client -> client.getInputStream().transferTo(client.getOutputStream()));
        List<String> users = new ArrayList<>();
        for (int number = 1; number <= DATA_PLANES; number++) {
            users.add(name(number) + ":" + hash(password(number)));
        }
        Files.write(directory.resolve("users"), users);
        Files.writeString(configuration(), """
                regions: [us]
                control-planes: [%s]
                listen: [{address: "127.0.0.1:%d", credentials: "%s"}]
                admin: {address: "127.0.0.1:%d"}
                audit: {file: "%s", stdout: false}
                limits: {refusals-per-minute: 500}
                permit-addresses: [127.0.0.0/8]
                dns: {servers: ["%s"]}
                """.formatted(
                        CONTROL_PLANE,
                        FreePort.number(),
                        directory.resolve("users"),
                        FreePort.number(),
                        auditFile(),
                        NetUtil.toSocketAddressString(dns.address())));
        this.proxy = ProxyServer.startBeforeStandIn(
                ConfigurationLoader.load(configuration(), Map.of()).configuration(),
                origin.port(),
                new Clocks(() -> begin.plus(passed.get()), () -> passed.get().toNanos()));
    }

    public Path configuration() {
        return directory.resolve("konnect-proxy.yaml");
    }

    public Path auditFile() {
        return directory.resolve("audit.jsonl");
    }

    public int originPort() {
        return origin.port();
    }

    public ProxyServer proxy() {
        return proxy;
    }

    /** The data plane's address. */
    public static String address(int number) {
        return "127.0.1." + number;
    }

    /** The data plane's user, {@code dp-07}. */
    public static String name(int number) {
        return "dp-%02d".formatted(number);
    }

    private static String password(int number) {
        return "secret-" + number;
    }

    private static String hash(String password) {
        return OpenBSDBCrypt.generate("2y", password.toCharArray(), new byte[16], 4);
    }

    /** Plays the whole day. */
    public void play() throws Exception {
        for (int hour = 0; hour < HOURS; hour++) {
            connectAll(hour);
            if (hour == 3) {
                attack();
            }
            if (hour == 14) {
                leave(LOST);
            }
            moveTo(Duration.ofHours(hour).plusMinutes(55));
            for (int time = 0; time < TIMES; time++) {
                troubles(hour);
                move(Duration.ofSeconds(45));
            }
            moveTo(Duration.ofHours(hour + 1));
        }
    }

    private void connectAll(int hour) throws Exception {
        for (int number = 1; number <= DATA_PLANES; number++) {
            boolean connects = switch (number) {
                case WRONG_REGION, WRONG_PASSWORD, INTERCEPTED, FLAPS -> false;
                case LOST -> hour < 14;
                default -> true;
            };
            if (connects && !tunnels.containsKey(number)) {
                tunnels.put(number, List.of(open(number, HOST), open(number, TELEMETRY)));
            }
        }
    }

    private void troubles(int hour) throws Exception {
        refused(address(WRONG_REGION), CONTROL_PLANE + ".eu.cp0.konghq.com:443", WRONG_REGION, password(WRONG_REGION));
        refused(address(WRONG_PASSWORD), HOST + ":443", WRONG_PASSWORD, "Secret-7");
        try (Socket socket = permitted(INTERCEPTED, HOST);
                SSLSocket tls = tls(socket, unknown, HOST)) {
            tls.startHandshake();
            throw new AssertionError("an unknown authority is trusted");
        } catch (SSLException e) {
            // It is what the data plane sees behind an interception.
        }
        if (hour == HOURS - 1) {
            open(FLAPS, HOST).close();
        }
        settle();
    }

    private void attack() throws Exception {
        for (String target : ATTACKS) {
            refused(ATTACKER, target, WRONG_REGION, password(WRONG_REGION));
            move(Duration.ofSeconds(2));
        }
        for (int number = 1; number <= 8; number++) {
            refused(ATTACKER, HOST + ":443", number, "guess");
            move(Duration.ofSeconds(2));
        }
    }

    private void leave(int number) throws IOException {
        for (SSLSocket tunnel : tunnels.remove(number)) {
            tunnel.close();
        }
        settle();
    }

    /** The proxy has noticed every end, so the clocks may move. */
    private void settle() {
        Await.until(
                "only the tunnels that last are open",
                () -> proxy.connections()
                        == tunnels.values().stream().mapToInt(List::size).sum());
    }

    private SSLSocket open(int number, String host) throws Exception {
        SSLSocket tls = tls(permitted(number, host), Rig.CA, host);
        tls.startHandshake();
        // Whoever says nothing in TLS 1.3 and leaves looks like one that does not trust the other.
        byte[] message = "ping".getBytes(ISO_8859_1);
        tls.getOutputStream().write(message);
        tls.getInputStream().readNBytes(message.length);
        return tls;
    }

    private static SSLSocket tls(Socket socket, ThrowawayCa trusted, String host) throws Exception {
        return (SSLSocket) trusted.clientContext().getSocketFactory().createSocket(socket, host, 443, true);
    }

    private Socket permitted(int number, String host) throws Exception {
        Socket socket = socket(address(number));
        RawClient.Answer answer = ask(socket, host + ":443", number, password(number));
        if (answer.status() != 200) {
            throw new AssertionError(answer.head() + answer.body());
        }
        return socket;
    }

    private void refused(String from, String target, int user, String password) throws Exception {
        try (Socket socket = socket(from)) {
            RawClient.Answer answer = ask(socket, target, user, password);
            if (answer.status() == 200) {
                throw new AssertionError(target + " was permitted");
            }
        }
    }

    private Socket socket(String from) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(15_000);
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        InetSocketAddress listener = proxy.listeners().get(0);
        socket.connect(listener);
        return socket;
    }

    private static RawClient.Answer ask(Socket socket, String target, int user, String password) throws IOException {
        String login = name(user) + ":" + password;
        return new RawClient(socket)
                .say("CONNECT " + target + " HTTP/1.1\r\nHost: " + target
                        + "\r\nProxy-Connection: Keep-Alive\r\nProxy-Authorization: Basic "
                        + Base64.getEncoder().encodeToString(login.getBytes(ISO_8859_1)) + "\r\n\r\n")
                .answer();
    }

    private void move(Duration by) {
        passed.updateAndGet(before -> before.plus(by));
    }

    private void moveTo(Duration time) {
        passed.set(time);
    }

    @Override
    public void close() throws IOException {
        for (List<SSLSocket> open : tunnels.values()) {
            for (SSLSocket tunnel : open) {
                tunnel.close();
            }
        }
        proxy.close();
        origin.close();
        dns.close();
    }
}
