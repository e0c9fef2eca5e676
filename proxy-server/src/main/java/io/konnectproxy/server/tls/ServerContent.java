package io.konnectproxy.server.tls;

import io.konnectproxy.keys.FileContent;
import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PemFile;
import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.server.file.Snapshot;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The content of all files of a {@link ServerFiles} at one moment. */
record ServerContent(
        FileContent certificate, FileContent key, Optional<FileContent> keyPassword, Optional<FileContent> clientCa) {
    private static final int MAX_CHAIN = 256 * 1024;

    static ServerContent read(ServerFiles files) throws KeyFileException {
        FileContent certificate = FileContent.readRegular("certificate file", Path.of(files.certificate()), MAX_CHAIN);
        FileContent key = FileContent.readRegular("key file", Path.of(files.key()), PemFile.MAX_BYTES);
        return new ServerContent(
                certificate,
                key,
                read("key password file", files.keyPasswordFile(), PemFile.MAX_BYTES),
                read("file of client authorities", files.clientCa(), TrustedCertificates.MAX_BYTES));
    }

    private static Optional<FileContent> read(String kind, Optional<String> file, int most) throws KeyFileException {
        return file.isPresent()
                ? Optional.of(FileContent.readRegular(kind, Path.of(file.get()), most))
                : Optional.empty();
    }

    /** Identifies the content without containing its secrets. */
    String digest() {
        return Snapshot.digest(Stream.of(Optional.of(certificate), Optional.of(key), keyPassword, clientCa)
                .map(file -> file.map(FileContent::bytes).orElse(new byte[0]))
                .toList());
    }
}
