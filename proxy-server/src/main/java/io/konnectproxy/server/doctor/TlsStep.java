package io.konnectproxy.server.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** TLS with a host: who has issued the certificate, and what answers if it is not TLS. */
final class TlsStep {
    private static final Pattern REPLY = Pattern.compile("HTTP/1\\.[01] (\\d{3})[^\\r\\n]*");
    private static final Pattern LOCATION = Pattern.compile("(?im)^Location:[ \\t]*([^\\r\\n]{1,200})");

    private final Examination examination;
    private final TimeComparison times;

    TlsStep(Examination examination, TimeComparison times) {
        this.examination = examination;
        this.times = times;
    }

    /** Opens a connection to the host, on which nothing was sent yet. */
    interface Way {
        Socket open() throws IOException;
    }

    /** @param by how the host is reached: an address, or a parent */
    Diagnosis run(TunnelPermit permit, String by, Way way) {
        String host = permit.authority().host().toString();
        return examination.examine(
                DoctorStep.TLS,
                Optional.of(host),
                "A TLS handshake with " + host + " through " + by + ", and HEAD / in it",
                () -> look(permit, host, way));
    }

    private Diagnosis look(TunnelPermit permit, String host, Way way) {
        TlsLook look;
        try (Socket connected = way.open()) {
            long before = System.nanoTime();
            look = TlsLook.at(connected, host, true);
            Diagnosis diagnosis = diagnose(look, permit, host, way);
            if (diagnosis instanceof Diagnosis.Fine || look.date().isPresent()) {
                times.add(host, look, diagnosis, System.nanoTime() - before);
            }
            return diagnosis;
        } catch (IOException e) {
            return new Failing("The connection failed: " + reason(e) + ".", "Run doctor again.");
        }
    }

    private Diagnosis diagnose(TlsLook look, TunnelPermit permit, String host, Way way) {
        if (look.chain().isPresent()) {
            return new ChainJudge(
                            examination.surroundings().authorities(),
                            examination.surroundings().clock().instant())
                    .judge(look.chain().get(), host, permit.rule());
        }
        if (look.isNoTls()) {
            return plain(host, way);
        }
        IOException why = look.broken().orElseGet(() -> new IOException("it sent no certificate"));
        return new Failing(
                isLate(why)
                        ? "No whole answer to the ClientHello within "
                                + examination.patience().answer().toSeconds() + " s."
                        : "The handshake was cut off before a certificate came: " + reason(why) + ".",
                "TCP works and TLS does not: ask for a firewall on the way that judges the server name, and have"
                        + " *.konghq.com permitted there.");
    }

    /** The watchdog closes the connection of a peer that drips. */
    private static boolean isLate(IOException why) {
        return why instanceof SocketTimeoutException || reason(why).equals("Socket closed");
    }

    /** Asks again without TLS, as a captive portal would like it. */
    private Diagnosis plain(String host, Way way) {
        String next = "Sign in at the captive portal, or have this host exempted from the web filter.";
        try (Socket connected = way.open()) {
            connected
                    .getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1));
            String head = TlsLook.head(connected.getInputStream());
            Matcher reply = REPLY.matcher(head);
            if (reply.lookingAt()) {
                Matcher location = LOCATION.matcher(head);
                String where = location.find()
                        ? ", which leads to "
                                + StepReport.ofPeer(location.group(1).strip())
                        : "";
                return new Failing(
                        "HTTP without TLS answers on port 443, with status " + reply.group(1) + where
                                + ": a captive portal or a web filter is in Konnect's place.",
                        next);
            }
        } catch (IOException e) {
            // The first answer is enough.
        }
        return new Failing("The answer to the ClientHello is no TLS: something is in Konnect's place.", next);
    }

    static String reason(IOException problem) {
        String message = problem.getMessage();
        return message == null || message.isEmpty() ? problem.getClass().getSimpleName() : message;
    }
}
