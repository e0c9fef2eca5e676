package io.konnectproxy.server.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.netty.util.NetUtil;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A proxy with few file descriptors: clients wait, open tunnels continue, no thread spins, and one log line reports it.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class DescriptorsIT {
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    private static final Pattern CONNECTIONS = Pattern.compile("enough for (\\d+) connections");

    @TempDir
    private Path directory;

    private final StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));
    private final List<RawClient> clients = new ArrayList<>();
    private Origin origin;
    private Process process;
    private BufferedReader said;
    private PrintWriter commands;
    private InetSocketAddress proxy;

    @BeforeEach
    void start() throws Exception {
        origin = Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream()));
        Path configuration = Files.writeString(directory.resolve("konnect-proxy.yaml"), """
                listen: [{address: "127.0.0.1:0"}]
                regions: [us]
                dns: {servers: ["%s"]}
                permit-addresses: [127.0.0.0/8]
                admin: {address: "127.0.0.1:0"}
                audit: {file: "%s", stdout: false}
                """.formatted(
                        NetUtil.toSocketAddressString(dns.address()), audit()));
        // Each jar of the class path takes one.
        int files = 345 + System.getProperty("java.class.path").split(File.pathSeparator, -1).length;
        process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + files + "; exec \"$0\" \"$@\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoardingProxy.class.getName(),
                        configuration.toString(),
                        Integer.toString(origin.port()))
                .redirectError(log().toFile())
                .start();
        said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        commands = new PrintWriter(process.getOutputStream(), true, UTF_8);
        proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(said.readLine()));
    }

    @AfterEach
    void stop() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        commands.close();
        boolean ended = process.waitFor(20, TimeUnit.SECONDS);
        process.destroyForcibly();
        origin.close();
        dns.close();
        assertThat(ended).as("ended by itself").isTrue();
    }

    @Test
    void lets_clients_wait_for_whom_there_are_no_descriptors() throws Exception {
        int most = mostConnections();
        assertThat(most).isGreaterThan(10);
        for (int i = 0; i < most; i++) {
            open();
        }
        List<RawClient> waiting = Stream.generate(this::asking).limit(10).toList();
        assertNobodyIsAnswered(waiting);
        assertNothingSpins();
        clients.subList(0, most).forEach(DescriptorsIT::assertAlive);
        for (RawClient leaving : clients.subList(0, waiting.size())) {
            leaving.close();
        }
        waiting.forEach(DescriptorsIT::assertServed);
        clients.subList(waiting.size(), clients.size()).forEach(DescriptorsIT::assertAlive);
        assertThat(logged("There are file descriptors for " + most + " connections only"))
                .isEqualTo(1);
        assertThat(logged("WARN")).isEqualTo(1);
        awaitDecisions(most + waiting.size());
    }

    @Test
    void goes_on_when_the_system_has_none_left() throws Exception {
        RawClient connected = connected();
        // Accepted after the one above, which would otherwise wait in the system's queue.
        RawClient running = open();
        assertThat(tell(HoardingProxy.HOARD)).contains("open files");
        RawClient waiting = asking();
        assertNobodyIsAnswered(List.of(waiting));
        assertNothingSpins();
        assertAlive(running);
        // This one is in already, but nothing can be dialled for it.
        RawClient.Answer answer = connected.connect(Rig.HOST).answer();
        // At once: when that connection is closed, the one that waits would get its descriptor, and no other to dial
        // with.
        assertThat(tell(HoardingProxy.RELEASE)).isEqualTo("released");
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.reason()).isEqualTo("connect_failed");
        String id = answer.header("X-Konnect-Proxy-Request-Id").orElseThrow();
        assertThat(AuditLines.text(new AuditLines(audit()).endOf(id), "hint"))
                .isEqualTo("There was no socket to dial from.");
        assertServed(waiting);
        assertAlive(running);
        assertServed(asking());
        assertThat(logged("No connection can be accepted")).isEqualTo(1);
        assertThat(logged("WARN")).isEqualTo(1);
        awaitDecisions(4);
    }

    private RawClient connected() {
        try {
            RawClient client = new RawClient(proxy);
            clients.add(client);
            return client;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private RawClient asking() {
        try {
            return connected().connect(Rig.HOST);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private RawClient open() {
        RawClient client = asking();
        assertServed(client);
        return client;
    }

    private static void assertServed(RawClient client) {
        try {
            assertThat(client.answer().head()).isEqualTo("HTTP/1.1 200 Connection established\r\n\r\n");
            client.say(HELLO);
            assertThat(client.socket().getInputStream().readNBytes(HELLO.length))
                    .isEqualTo(HELLO);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertAlive(RawClient client) {
        try {
            client.say("ping");
            assertThat(new String(client.socket().getInputStream().readNBytes(4), US_ASCII))
                    .isEqualTo("ping");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertNobodyIsAnswered(List<RawClient> waiting) throws Exception {
        for (RawClient client : waiting) {
            client.socket().setSoTimeout(50);
            assertThatThrownBy(client::atEnd).isInstanceOf(SocketTimeoutException.class);
            client.socket().setSoTimeout(15_000);
        }
    }

    /** A listener with waiting connections is always ready, so a retry without a pause would use a whole processor. */
    private void assertNothingSpins() throws Exception {
        long before = Long.parseLong(tell(HoardingProxy.LOOPS_CPU));
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        assertThat(Long.parseLong(tell(HoardingProxy.LOOPS_CPU)) - before)
                .as("milliseconds of the processor in a second")
                .isLessThan(200);
    }

    private String tell(String command) throws Exception {
        commands.println(command);
        return said.readLine();
    }

    private int mostConnections() throws Exception {
        Matcher warning = CONNECTIONS.matcher(Files.readString(log()));
        assertThat(warning.find()).as("warned at start").isTrue();
        return Integer.parseInt(warning.group(1));
    }

    private long logged(String text) throws Exception {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    private void awaitDecisions(int wanted) throws Exception {
        AuditLines lines = new AuditLines(audit());
        Await.until(wanted + " decisions are recorded", () -> lines.decisions().size() >= wanted);
        assertThat(lines.decisions()).hasSize(wanted);
    }

    private Path audit() {
        return directory.resolve("audit.jsonl");
    }

    private Path log() {
        return directory.resolve("log");
    }
}
