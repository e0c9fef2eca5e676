package io.konnectproxy.server.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** The rules for names of certificates in {@code clients}. */
public final class CertificateName {
    private static final Pattern NAME = Pattern.compile("[^\\p{C}\\p{Z}]([^\\p{C}]{0,253}[^\\p{C}\\p{Z}])?");

    private CertificateName() {}

    /** The problem of a name, for a sentence that begins with "the name"; it contains no part of the name. */
    public static Optional<String> problem(String name) {
        if (name.indexOf('*') >= 0) {
            return Optional.of("must be one exact name in the certificate; '*' stands for nothing here");
        }
        return NAME.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("must be a name in the certificate, at most 255 characters");
    }
}
