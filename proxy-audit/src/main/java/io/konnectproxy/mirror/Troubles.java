package io.konnectproxy.mirror;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a peer could not be reached, as one of a fixed set of phrases. Text from a peer never gets into the trail. */
public final class Troubles {
    private Troubles() {}

    public static String of(Throwable thrown) {
        String why = "the connection was lost";
        for (@Nullable Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof CertificateExpiredException || each instanceof CertificateNotYetValidException) {
                return "its certificate is not valid at this time";
            } else if (each instanceof CertPathValidatorException
                    || each.getClass().getName().endsWith("SunCertPathBuilderException")) {
                why = "its certificate is from nobody who is trusted";
            } else if (each instanceof CertificateException && isAboutName(each)) {
                return "its certificate is for another name";
            } else if (each instanceof SSLException && why.startsWith("the connection")) {
                why = "there is no TLS with it";
            } else if (each instanceof UnknownHostException) {
                return "its name was not found";
            } else if (each instanceof SocketTimeoutException
                    || each instanceof HttpTimeoutException
                    || each instanceof TimeoutException) {
                return "it did not answer in time";
            } else if (each instanceof NoRouteToHostException) {
                return "there is no route to it";
            } else if (each instanceof ConnectException) {
                why = "connection refused";
            }
        }
        return why;
    }

    private static boolean isAboutName(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("subject alternative") || message.contains("name matching");
    }
}
