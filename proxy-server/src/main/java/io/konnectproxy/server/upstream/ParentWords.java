package io.konnectproxy.server.upstream;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.server.config.ParentUrl;
import io.konnectproxy.wire.ReplyReading.ReplyFault;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.BindException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The explanations for the operator where a parent proxy did not open a tunnel. They contain neither credentials nor
 * text of the parent's answer.
 */
final class ParentWords {
    private static final int CREDENTIALS_DEMANDED = 407;
    private static final int MOST_CAUSES = 8;
    /** The JDK's message for a received alert; the name in it is from a list of the JDK. */
    private static final Pattern ALERT = Pattern.compile(".*Received fatal alert: ([a-z_]+)");

    /** The beginning of the JDK's message where Netty has its own exception. */
    private static final String NOT_TLS_OF_JDK = "Unsupported or unrecognized SSL message";

    private final ParentUrl url;

    ParentWords(ParentUrl url) {
        this.url = url;
    }

    private String parent(String rest) {
        return "The parent proxy " + url + " " + rest;
    }

    Refused refused(Refusal refusal) {
        return new Refused(
                refusal,
                refusal == Refusal.INTERNAL_ERROR
                        ? refusal.remedy()
                        : "Check the way from this proxy to its parent proxy; the audit line says what is wrong there.");
    }

    String unresolved(Optional<String> hint) {
        return parent("has no address that can be dialled. " + hint.orElse("")).strip();
    }

    String late(ParentGate.Step step) {
        return parent(
                switch (step) {
                    case RESOLVING -> "could not be looked up in time.";
                    case CONNECTING -> "did not take the connection in time.";
                    case HANDSHAKING -> "did not finish the TLS handshake in time.";
                    case ASKING, OVER -> "did not answer in time.";
                });
    }

    String notConnected(Throwable cause) {
        return parent(
                DialFailure.refusal(cause) == Refusal.CONNECT_REFUSED
                        ? "refused the connection."
                        : cause instanceof BindException
                                ? "could not be dialled from the source-address: has this machine lost it?"
                                : "could not be reached.");
    }

    String spokeUnasked() {
        return parent("spoke before it was asked for anything.");
    }

    String spokeBehind() {
        return parent(
                "said something behind its answer, before anything went into the tunnel: it cannot be Konnect's.");
    }

    String closed() {
        return parent("closed the connection without an answer.");
    }

    String closedInHandshake() {
        return parent("closed the connection during the TLS handshake.");
    }

    String broken() {
        return parent("could not be asked, because of a fault in this proxy.");
    }

    String noAnswer(ReplyFault fault) {
        return parent("did not answer as HTTP demands. " + fault.problem());
    }

    String declined(int status) {
        if (status != CREDENTIALS_DEMANDED) {
            return parent("answered with status " + status + ".");
        }
        return parent(
                url.credentials().isPresent()
                        ? "answered with status 407: it does not accept the credentials that are configured for it."
                        : "answered with status 407: it demands credentials; give them in its url or credentials-file.");
    }

    String noHandshake(Throwable failure) {
        String known = "broke off the TLS handshake.";
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < MOST_CAUSES; cause = cause.getCause()) {
            known = known(cause).orElse(known);
            depth++;
        }
        return parent(known);
    }

    /** The explanation of one cause; the innermost known cause is the most precise. */
    private Optional<String> known(Throwable cause) {
        if (cause instanceof CertificateExpiredException) {
            return Optional.of("has a certificate that has expired.");
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Optional.of("has a certificate that is not valid yet; is the clock right?");
        }
        if (cause instanceof CertPathBuilderException) {
            return Optional.of("has a certificate from an authority that is not trusted here; see its key trust.");
        }
        if (cause instanceof CertPathValidatorException) {
            return Optional.of("has a certificate, or one of an authority above it, that is not accepted here.");
        }
        if (cause instanceof CertificateException) {
            return Optional.of("has a certificate that is not for " + url.host() + ".");
        }
        if (cause instanceof NotSslRecordException
                || String.valueOf(cause.getMessage()).startsWith(NOT_TLS_OF_JDK)) {
            return Optional.of("does not speak TLS on this port; is it an http one?");
        }
        Matcher alert = ALERT.matcher(String.valueOf(cause.getMessage()));
        return alert.matches()
                ? Optional.of("broke off the TLS handshake with the alert " + alert.group(1) + ".")
                : Optional.empty();
    }
}
