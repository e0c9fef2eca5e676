package io.konnectproxy.server.command;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.server.file.SafeFile;
import io.konnectproxy.server.file.SafeFile.Readers;
import io.konnectproxy.server.tls.IssuedCertificate;
import io.konnectproxy.server.tls.PrivateCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;

/**
 * The directory of a private authority: its own certificate and key, which are never overwritten, and issued ones,
 * which are.
 */
final class CertificateDirectory {
    static final String LISTENER = "tls";

    private static final String AUTHORITY = "ca";

    private final Path directory;

    private boolean isNew;

    CertificateDirectory(Path directory) {
        this.directory = directory;
    }

    /** The base name of a client's certificate and key. */
    static String client(String name) {
        return "client-" + name;
    }

    Path certificate(String name) {
        return directory.resolve(name + ".crt");
    }

    Path key(String name) {
        return directory.resolve(name + ".key");
    }

    Path trust() {
        return certificate(AUTHORITY);
    }

    Path trustKey() {
        return key(AUTHORITY);
    }

    /** Whether {@link #authority} has created the authority. */
    boolean isNew() {
        return isNew;
    }

    /** The existing authority, or a new one. */
    PrivateCa authority(Instant now, Duration validity)
            throws IOException, KeyFileException, GeneralSecurityException, Occupied {
        if (Files.exists(trust()) && Files.exists(trustKey())) {
            return PrivateCa.read(trust(), trustKey(), now);
        }
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new Occupied(directory + " is a file; --out names a directory.");
        }
        requireNone(trust(), trustKey());
        requireNone(trustKey(), trust());
        Files.createDirectories(directory);
        PrivateCa ca = PrivateCa.create(now, validity);
        SafeFile.create(trustKey(), ca.own().keyPem(), Readers.OWNER);
        SafeFile.create(trust(), ca.own().certificatePem(), Readers.ALL);
        isNew = true;
        return ca;
    }

    private static void requireNone(Path there, Path missing) throws Occupied {
        if (Files.exists(there)) {
            throw new Occupied(there + " is there without " + missing
                    + "; an authority is made of both, or made anew of neither.");
        }
    }

    /** Existing files prevent that an authority is created. The message is a sentence for the operator. */
    static final class Occupied extends Exception {
        private static final long serialVersionUID = 1;

        Occupied(String sentence) {
            super(sentence);
        }
    }

    /**
     * Replaces a certificate and its key. The two files are not replaced together, so the proxy reads them twice before
     * it reports a pair that does not match.
     */
    void write(String name, IssuedCertificate issued) throws IOException {
        SafeFile.replace(key(name), issued.keyPem(), Readers.OWNER);
        SafeFile.replace(certificate(name), issued.certificatePem(), Readers.ALL);
    }
}
