package io.konnectproxy.server.kong;

import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.server.credentials.UsersFile;
import io.konnectproxy.server.tls.ServerFiles;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads facts from the files of a listener. A file that cannot be read gives none, because the settings can be written
 * without them.
 */
final class ListenerFileFacts {
    private static final int DNS_NAME = 2;

    private ListenerFileFacts() {}

    /** The valid DNS names of the certificate, in its order. */
    static List<String> names(ServerFiles files) {
        try {
            Collection<List<?>> names = TrustedCertificates.read(files.certificate())
                    .certificates()
                    .get(0)
                    .getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0).equals(DNS_NAME))
                            .map(name -> (String) name.get(1))
                            .filter(name -> ProxyUrl.isHost(name.replaceFirst("^\\*\\.", "")))
                            .toList();
        } catch (IllegalArgumentException | CertificateParsingException e) {
            return List.of();
        }
    }

    /**
     * The file of the authority that issued the certificate, if there is one beside it, as the command 'certificate'
     * creates it.
     */
    static Optional<String> authority(ServerFiles files) {
        Path beside = Path.of(files.certificate()).resolveSibling("ca.crt");
        try {
            X509Certificate issued =
                    TrustedCertificates.read(files.certificate()).certificates().get(0);
            issued.verify(TrustedCertificates.read(beside.toString())
                    .certificates()
                    .get(0)
                    .getPublicKey());
            return Optional.of(beside.toString());
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** The users of the listener's credentials file. */
    static Optional<Set<String>> users(String file) {
        try {
            return Optional.of(UsersFile.read(file).names());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
