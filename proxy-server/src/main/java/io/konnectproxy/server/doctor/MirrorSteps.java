package io.konnectproxy.server.doctor;

import io.konnectproxy.mirror.MirrorTarget;
import io.konnectproxy.mirror.MirrorUrl;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection to each mirror of the audit trail, with TLS where it has TLS. No line is sent. */
final class MirrorSteps {
    private static final String NEXT =
            "Check the mirror's url, and that it runs. The trail itself does not suffer; its losses are in 'mirror' lines.";

    private final Examination examination;

    MirrorSteps(Examination examination) {
        this.examination = examination;
    }

    void run() {
        List<Supplier<Diagnosis>> questions = new ArrayList<>();
        for (MirrorTarget mirror : examination.configuration().audit().mirrors()) {
            MirrorUrl url = mirror.url();
            questions.add(() -> examination.examine(
                    DoctorStep.MIRROR,
                    Optional.of(url.toString()),
                    url.protocol().isEncrypted() ? "A TLS connection to the mirror" : "A connection to the mirror",
                    () -> ask(mirror)));
        }
        examination.together(questions);
    }

    private Diagnosis ask(MirrorTarget mirror) {
        String problem = "its name has no address";
        for (InetAddress address : addresses(mirror.url().host())) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(address, mirror.url().port()),
                        examination.patience().connectMillis());
                examination.watched(socket);
                if (mirror.url().protocol().isEncrypted()) {
                    secure(socket, mirror);
                }
                return new Fine("It takes connections.");
            } catch (IOException e) {
                problem = words(e);
            }
        }
        return new Failing("It cannot be reached: " + problem + ".", NEXT);
    }

    /** With the JDK's resolver, as mirrors have it; it has no deadline of its own. */
    private List<InetAddress> addresses(String host) {
        try {
            return CompletableFuture.supplyAsync(() -> {
                        try {
                            return List.of(InetAddress.getAllByName(host));
                        } catch (UnknownHostException e) {
                            throw new CompletionException(e);
                        }
                    })
                    .completeOnTimeout(List.of(), examination.patience().answerMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            return List.of();
        }
    }

    private void secure(Socket socket, MirrorTarget mirror) throws IOException {
        try {
            SSLContext context =
                    mirror.trust().isPresent() ? mirror.trust().get().clientContext() : SSLContext.getDefault();
            SSLSocket tls = (SSLSocket)
                    context.getSocketFactory().createSocket(socket, mirror.url().host(), socket.getPort(), true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.setSoTimeout(examination.patience().answerMillis());
            tls.startHandshake();
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java has no TLS", e);
        }
    }

    private static String words(IOException problem) {
        if (problem instanceof SocketTimeoutException) {
            return "it does not answer";
        }
        if (problem instanceof SSLException && problem.getCause() instanceof CertificateException) {
            return "its certificate is not accepted (audit.mirrors[].trust)";
        }
        if (problem instanceof SSLException) {
            return "the TLS handshake failed: " + TlsStep.reason(problem);
        }
        return problem instanceof ConnectException ? "the connection is refused" : TlsStep.reason(problem);
    }
}
