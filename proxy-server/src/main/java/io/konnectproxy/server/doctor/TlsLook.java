package io.konnectproxy.server.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.konnectproxy.server.tls.SentChain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A handshake that accepts every certificate in order to see it, and a question for the time. Nothing that is secret is sent.
 *
 * @param chain empty if the server sent none
 * @param date what the server takes the time to be, if it said so
 * @param broken why there is no chain, or why the handshake did not come to its end
 */
record TlsLook(Optional<SentChain> chain, Optional<Instant> date, Optional<IOException> broken) {
    private static final int MOST = 8 * 1024;
    private static final Pattern DATE = Pattern.compile("(?im)^Date:[ \\t]*([^\\r\\n]{1,64}?)[ \\t]*\\r?$");

    /** Whether the server does not speak TLS at all, as the JDK says it. */
    boolean isNoTls() {
        return broken.map(IOException::getMessage)
                .filter(message -> message.startsWith("Unsupported or unrecognized SSL message"))
                .isPresent();
    }

    /** @param askTime whether an HTTP request is sent once the handshake is done */
    static TlsLook at(Socket connected, String host, boolean askTime) {
        Recorder recorder = new Recorder();
        try {
            SSLSocket tls = open(connected, host, recorder);
            return new TlsLook(recorder.chain, askTime ? date(tls, host) : Optional.empty(), Optional.empty());
        } catch (IOException e) {
            return new TlsLook(recorder.chain, Optional.empty(), Optional.of(e));
        }
    }

    /** The same on the way to our own proxy, whose certificate is judged elsewhere. */
    static SSLSocket open(Socket connected, String host) throws IOException {
        return open(connected, host, new Recorder());
    }

    private static SSLSocket open(Socket connected, String host, Recorder recorder) throws IOException {
        SSLSocket tls = (SSLSocket) context(recorder).getSocketFactory().createSocket(connected, host, 443, true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setServerNames(List.of(new SNIHostName(host)));
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /** Empty where a control plane wants a client certificate first. */
    private static Optional<Instant> date(SSLSocket tls, String host) {
        try {
            tls.getOutputStream()
                    .write(("HEAD / HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: konnect-proxy-doctor\r\n"
                                    + "Connection: close\r\n\r\n")
                            .getBytes(ISO_8859_1));
            tls.getOutputStream().flush();
            Matcher date = DATE.matcher(head(tls.getInputStream()));
            return date.find()
                    ? Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME
                            .withLocale(Locale.ROOT)
                            .parse(date.group(1))))
                    : Optional.empty();
        } catch (IOException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** An HTTP head, or as much as comes of one. */
    static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        while (head.size() < MOST) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                break;
            }
        }
        return head.toString(ISO_8859_1);
    }

    private static SSLContext context(Recorder recorder) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {recorder}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java has no TLS", e);
        }
    }

    private static final class Recorder extends X509ExtendedTrustManager {
        private volatile Optional<SentChain> chain = Optional.empty();

        private void record(X509Certificate[] sent) {
            chain = sent.length == 0 ? Optional.empty() : Optional.of(new SentChain(List.of(sent)));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] sent, String type, Socket socket) {
            record(sent);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] sent, String type, SSLEngine engine) {
            record(sent);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] sent, String type) {
            record(sent);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] sent, String type, Socket socket) {
            throw new IllegalStateException("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] sent, String type, SSLEngine engine) {
            throw new IllegalStateException("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] sent, String type) {
            throw new IllegalStateException("this is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
