package io.konnectproxy.server.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.Alone;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.WaysRig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients guess passwords, more of them than can be verified: a user whom nobody has seen before gets in all the same,
 * within the time that a Kong data plane waits. The hashes cost what they cost in production.
 */
@Timeout(120)
@Alone
class CredentialFloodIT {
    private static final int NETWORKS = 30;
    private static final int AT_ONCE = 2;
    private static final int HONEST = 3;
    private static final Duration KONG_WAITS = Duration.ofSeconds(4);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private final List<Thread> flood = new ArrayList<>();
    private final AtomicInteger guesses = new AtomicInteger();
    private final Set<Integer> wrong = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<String, Integer> answers = new ConcurrentHashMap<>();
    private final Set<RawClient> guessing = ConcurrentHashMap.newKeySet();
    private volatile boolean over;
    private Rig rig;

    @BeforeAll
    static void writeUsers() throws Exception {
        for (int i = 0; i < HONEST; i++) {
            Path secret = Files.writeString(directory.resolve("secret"), "right" + i);
            WaysRig.command("user", "dp" + i, "--file", users(), "--password-file", secret.toString());
        }
    }

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(
                Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream())),
                "listen:\n  - {address: \"127.0.0.1:0\", credentials: \"" + users() + "\"}\n"
                        + "  - {address: \"127.0.0.1:0\", credentials: \"" + users()
                        + "\", proxy-protocol: [127.0.0.0/8]}\n");
    }

    @AfterEach
    void stop() throws Exception {
        over = true;
        // Whoever waits for a verdict would wait for those before it.
        for (RawClient client : guessing) {
            client.close();
        }
        for (Thread thread : flood) {
            thread.join();
        }
        rig.close();
    }

    private static String users() {
        return directory.resolve("users").toString();
    }

    @Test
    void a_new_user_gets_in_while_thirty_addresses_guess() throws Exception {
        guess(0, network -> new Connection("127.0.1." + (network + 1), ""));
        for (int i = 0; i < HONEST; i++) {
            assertServed(i, client(0, new Connection("127.0.2." + (i + 1), "")));
        }
    }

    @Test
    void a_new_user_gets_in_while_thirty_ipv6_networks_guess() throws Exception {
        guess(1, network -> new Connection("127.0.0.1", header("2001:db8:1:" + network + "::" + guesses.get() % 9999)));
        for (int i = 0; i < HONEST; i++) {
            assertServed(i, client(1, new Connection("127.0.0.1", header("2001:db8:2:" + i + "::1"))));
        }
    }

    @Test
    void who_cannot_be_verified_is_told_so_and_when_to_come_again() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                clients.add(client(0, new Connection("127.0.3.1", "")).say(connect("dp0", "guess" + i)));
            }
            List<Answer> turnedAway = new ArrayList<>();
            for (RawClient client : clients) {
                Answer answer = client.answer();
                if (answer.status() == 503) {
                    turnedAway.add(answer);
                }
            }
            assertThat(turnedAway).isNotEmpty().allSatisfy(answer -> {
                assertThat(answer.statusLine()).endsWith("503 Credentials could not be verified in time");
                assertThat(answer.reason()).isEqualTo("credentials_unverified");
                assertThat(answer.header("Retry-After")).contains("10");
                assertThat(answer.header("Proxy-Status"))
                        .contains("konnect-proxy; error=proxy_internal_response; details=\"credentials_unverified\"");
                rig.audit()
                        .decisionOf(answer.header("X-Konnect-Proxy-Request-Id").orElseThrow());
            });
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    /** Where a connection comes from, and what it says first. */
    private record Connection(String from, String header) {}

    private static String header(String address) {
        return "PROXY TCP6 " + address + " 2001:db8::1 4567 3128\r\n";
    }

    private void guess(int listener, IntFunction<Connection> networks) {
        long end = System.nanoTime() + LONGEST.toNanos();
        for (int i = 0; i < NETWORKS * AT_ONCE; i++) {
            int network = i % NETWORKS;
            Thread thread = new Thread(() -> {
                while (!over && System.nanoTime() < end) {
                    guessOnce(listener, network, networks.apply(network));
                }
            });
            flood.add(thread);
            thread.start();
        }
        Await.until("each network has guessed wrong", () -> wrong.size() == NETWORKS);
    }

    /**
     * Of a user whom there is. Each password is another one, after one that is repeated until it is found wrong: the verdict on a
     * password whose sender has given up is for whoever sends it again.
     */
    private void guessOnce(int listener, int network, Connection connection) {
        try (RawClient client = client(listener, connection)) {
            guessing.add(client);
            int guess = guesses.incrementAndGet();
            String password = wrong.contains(network) ? "guess" + guess : "of network " + network;
            Answer answer = client.say(connect("dp0", password)).answer();
            answers.merge(answer.reason(), 1, Integer::sum);
            if (answer.reason().equals("credentials_invalid")) {
                wrong.add(network);
            }
            guessing.remove(client);
        } catch (IOException e) {
            answers.merge("cut", 1, Integer::sum);
        }
        // What is in question are hashes: neither test nor proxy is to be busy with connections alone.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }

    private void assertServed(int user, RawClient client) throws IOException {
        try (client) {
            long begin = System.nanoTime();
            Answer answer = client.say(connect("dp" + user, "right" + user)).answer();
            assertThat(answer.statusLine())
                    .as("after %s guesses, %s, for %s", guesses, answers, answer.reason())
                    .isEqualTo("HTTP/1.1 200 Connection established");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(KONG_WAITS);
        }
    }

    private static String connect(String user, String password) {
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
        return "CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + ":443\r\nProxy-Authorization: Basic "
                + pair + "\r\n\r\n";
    }

    private RawClient client(int listener, Connection connection) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(connection.from()), 0));
        socket.connect(rig.proxy().listeners().get(listener), 5_000);
        socket.setSoTimeout(15_000);
        return new RawClient(socket).say(connection.header());
    }
}
