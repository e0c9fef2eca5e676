package io.konnectproxy.server.command;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.trail.KeptCheckpoints;
import io.konnectproxy.trail.TrailException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a trail is verified against, beyond its own chain. */
final class EvidenceOptions {
    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The public key of the checkpoints; once for each key that ever signed.")
    private List<Path> keys = List.of();

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "A checkpoint line that was kept elsewhere, which the trail must contain.")
    private List<Path> checkpoints = List.of();

    List<VerificationKey> keys() throws KeyFileException {
        return read(keys);
    }

    static List<VerificationKey> read(List<Path> files) throws KeyFileException {
        List<VerificationKey> read = new ArrayList<>();
        for (Path key : files) {
            read.add(VerificationKey.read(key));
        }
        return read;
    }

    KeptCheckpoints checkpoints() throws TrailException {
        return KeptCheckpoints.read(checkpoints);
    }
}
