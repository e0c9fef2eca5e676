package io.konnectproxy.server.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.konnectproxy.keys.Secret;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.admin.HealthProbe;
import io.konnectproxy.server.admin.HealthProbe.Health;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.konnectproxy.server.tls.SentChain;
import io.konnectproxy.server.tls.ServerFiles;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tunnel through the running proxy, with the bytes that a data plane of Kong sends. */
final class ProxySteps {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})[ \\r]");
    private static final Pattern REASON = Pattern.compile("(?im)^X-Konnect-Proxy-Reason:[ ]*([a-z_]{1,64})\\r?$");
    private static final int MOST_OF_A_STATUS_LINE = 12;

    private final Examination examination;
    private final Optional<Secret> login;

    /** @param login {@code user:password} for listeners that demand credentials */
    ProxySteps(Examination examination, Optional<Secret> login) {
        this.examination = examination;
        this.login = login;
    }

    void run(TunnelPermit permit) {
        InetSocketAddress admin = examination.configuration().admin().address();
        Diagnosis running = examination.examine(
                DoctorStep.PROXY,
                Optional.empty(),
                "Readiness of the running proxy, at its admin address",
                () -> ready(admin));
        if (running instanceof Doubtful) {
            return;
        }
        List<Supplier<Diagnosis>> questions = new ArrayList<>();
        for (ListenerSettings listener : examination.configuration().listen()) {
            String address = NetUtil.toSocketAddressString(listener.address());
            questions.add(() -> examination.examine(
                    DoctorStep.PROXY,
                    Optional.of(address),
                    "A tunnel to " + permit.authority().host()
                            + " with the bytes of a data plane; the running proxy records it in its trail",
                    () -> through(listener, permit)));
        }
        examination.together(questions);
    }

    private static Diagnosis ready(InetSocketAddress admin) {
        if (admin.getPort() == 0) {
            return new Doubtful(
                    "Nobody knows whether it runs: admin.address leaves the port to the system.",
                    "Set a port in admin.address.");
        }
        Health health = HealthProbe.ask(admin);
        if (health.ready()) {
            return new Fine("It runs, and is ready.");
        }
        return health.isAnswered()
                ? new Failing(health.sentence(), "Do what the sentence says, or see its log.")
                : new Doubtful(
                        "not running: " + health.sentence().replaceFirst(":[^:]*$", "") + ".",
                        "Start it with 'konnect-proxy run -c FILE', or 'systemctl start konnect-proxy', and run doctor again.");
    }

    private Diagnosis through(ListenerSettings listener, TunnelPermit permit) {
        if (listener.tls().flatMap(ServerFiles::clientCa).isPresent()) {
            return new Fine("Not tried: it demands a client certificate, and is not for Kong.");
        }
        if (listener.address().getPort() == 0) {
            return new Fine("Not tried: the system has chosen its port.");
        }
        InetSocketAddress to = new InetSocketAddress(
                reachable(listener.address().getAddress()), listener.address().getPort());
        String host = permit.authority().host().toString();
        try (Socket tcp = examination.watched(new Socket())) {
            tcp.connect(to, examination.patience().connectMillis());
            tcp.setSoTimeout(examination.patience().answerMillis());
            Socket stream = listener.tls().isPresent() ? secured(tcp) : tcp;
            return ask(stream, listener, permit, host);
        } catch (SocketTimeoutException e) {
            return new Failing(
                    "No answer within " + examination.patience().answer().toSeconds() + " s, as long as Kong waits.",
                    "Look for the request in the proxy's trail: konnect-proxy audit tail --no-follow -n 5.");
        } catch (IOException e) {
            return new Failing(
                    "The listener does not answer: " + TlsStep.reason(e) + ".",
                    "The running proxy may have another configuration: compare /readyz with 'konnect-proxy check'.");
        }
    }

    private static Socket secured(Socket tcp) throws IOException {
        return TlsLook.open(tcp, "localhost");
    }

    private static InetAddress reachable(InetAddress address) {
        if (!address.isAnyLocalAddress()) {
            return address;
        }
        return address instanceof Inet6Address && isOnlyIpv6() ? NetUtil.LOCALHOST6 : NetUtil.LOCALHOST4;
    }

    private static boolean isOnlyIpv6() {
        return Boolean.getBoolean("java.net.preferIPv6Addresses");
    }

    private Diagnosis ask(Socket stream, ListenerSettings listener, TunnelPermit permit, String host)
            throws IOException {
        long began = System.nanoTime();
        stream.getOutputStream().write(request(host, listener).getBytes(US_ASCII));
        stream.getOutputStream().flush();
        String head = TlsLook.head(stream.getInputStream());
        long millis = (System.nanoTime() - began) / 1_000_000;
        Matcher status = STATUS.matcher(head);
        if (!status.lookingAt()) {
            return new Failing(
                    head.isEmpty()
                            ? "The connection was closed without an answer."
                            : "The answer is not this proxy's: '" + firstOf(head) + "'.",
                    "Check which program listens there: ss -ltnp.");
        }
        if (!status.group(1).equals("200")) {
            return refused(status.group(1), head, listener);
        }
        return inside(stream, permit, host, millis);
    }

    private static String firstOf(String head) {
        return head.substring(0, Math.min(head.length(), MOST_OF_A_STATUS_LINE));
    }

    /** Kong's request, byte for byte. */
    private String request(String host, ListenerSettings listener) {
        String credentials = login.filter(given -> listener.credentials().isPresent())
                .map(given -> "Proxy-Authorization: Basic "
                        + Base64.getEncoder().encodeToString(given.value().getBytes(UTF_8)) + "\r\n")
                .orElse("");
        return "CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host + ":443\r\nProxy-Connection: Keep-Alive\r\n"
                + credentials + "\r\n";
    }

    private Diagnosis refused(String status, String head, ListenerSettings listener) {
        Matcher found = REASON.matcher(head);
        String token = found.find() ? found.group(1) : "";
        Optional<Refusal> refusal = Arrays.stream(Refusal.values())
                .filter(each -> each.token().equals(token))
                .findFirst();
        String came = "It answers with status " + status
                + refusal.map(each -> ", " + token + ": " + each.sentence() + ".")
                        .orElse(".");
        if (refusal.equals(Optional.of(Refusal.CREDENTIALS_REQUIRED)) && login.isEmpty()) {
            return new Doubtful(
                    came + " That is right for this listener; nothing further was tried.",
                    "Give doctor a user: --user NAME --password-file FILE.");
        }
        if (refusal.equals(Optional.of(Refusal.SOURCE_NOT_ALLOWED))
                && !listener.sources().isEmpty()) {
            return new Doubtful(
                    came + " This machine is not in its sources; nothing further was tried.",
                    "Run Kong's request from a data plane, or add this machine to sources.");
        }
        if (!listener.proxyProtocol().isEmpty() && refusal.equals(Optional.of(Refusal.MALFORMED_REQUEST))) {
            return new Doubtful(
                    came
                            + " This machine is one of the load balancers in proxy-protocol, and doctor sends no PROXY header.",
                    "Try it through the load balancer, from a data plane.");
        }
        return new Failing(
                came,
                refusal.map(Refusal::remedy).orElse("See the proxy's trail: konnect-proxy audit tail --refused."));
    }

    private Diagnosis inside(Socket stream, TunnelPermit permit, String host, long millis) {
        TlsLook look = TlsLook.at(stream, host, false);
        if (look.chain().isEmpty()) {
            return new Failing(
                    "The tunnel is open after " + millis + " ms, but no certificate comes through it.",
                    "See the tunnel's outcome in the trail: konnect-proxy audit tail --no-follow -n 5.");
        }
        SentChain chain = look.chain().get();
        Diagnosis judged = new ChainJudge(
                        examination.surroundings().authorities(),
                        examination.surroundings().clock().instant())
                .judge(chain, host, permit.rule());
        return judged instanceof Fine
                ? new Fine("The tunnel is open after " + millis + " ms, and Konnect's certificate comes through it.")
                : judged;
    }
}
