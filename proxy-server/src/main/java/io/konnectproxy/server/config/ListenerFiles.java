package io.konnectproxy.server.config;

import io.konnectproxy.server.tls.ServerFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the files that a listener names, to say at once what is wrong with them. This is the seam to those who use them:
 * each method throws IllegalArgumentException with a whole sentence.
 */
final class ListenerFiles {
    private ListenerFiles() {}

    static ListenerFacts.Identity identity(ServerFiles files) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of(files.certificate()));
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return new ListenerFacts.Identity(
                    names == null
                            ? List.of()
                            : names.stream().map(name -> name.get(1).toString()).toList(),
                    certificate.getNotAfter().toInstant());
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException(files.certificate() + " has no certificate in it.", e);
        }
    }

    static Set<String> users(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.substring(0, Math.max(line.indexOf(':'), 0)))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read.", e);
        }
    }
}
