package io.konnectproxy.journal;

import io.konnectproxy.keys.Secret;
import io.konnectproxy.mirror.MirrorTarget;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where audit lines go; at least one of file and stdout.
 *
 * @param file empty where lines go to standard output only
 * @param sign empty where no checkpoints are signed
 */
public record AuditSettings(
        Optional<String> file,
        Stdout stdout,
        OnFailure onFailure,
        Durability durability,
        Rotation rotate,
        Optional<Signing> sign,
        List<MirrorTarget> mirrors) {
    public AuditSettings {
        mirrors = List.copyOf(mirrors);
    }

    /** Whether standard output shows the lines, and in which form where it is not the trail itself. */
    public enum Stdout {
        OFF,
        /** As records for people where it is a terminal, and as the trail has them elsewhere. */
        ON,
        /** As the trail has them, always. */
        JSON
    }

    /** What becomes of requests while the trail cannot be written. */
    public enum OnFailure {
        REFUSE,
        CONTINUE
    }

    /** How far a line has come before the answer leaves: with the operating system, or on the disk. */
    public enum Durability {
        OS,
        DISK
    }

    /**
     * When a new file is begun, and which of the finished ones are removed. All bounds on those hold at once.
     *
     * @param size bytes at which a new file is begun
     * @param daily whether a new one is begun at midnight UTC
     * @param compress whether finished ones are compressed
     * @param keep how many finished ones stay
     * @param keepFor how long a finished one stays, from its last line on
     * @param keepSize bytes that the finished ones may have together
     */
    public record Rotation(
            Optional<Long> size,
            boolean daily,
            boolean compress,
            Optional<Integer> keep,
            Optional<Duration> keepFor,
            Optional<Long> keepSize) {
        /** Whether there ever are finished files. */
        public boolean isOn() {
            return size.isPresent() || daily;
        }

        /** Whether finished files are ever removed. */
        public boolean removes() {
            return keep.isPresent() || keepFor.isPresent() || keepSize.isPresent();
        }
    }

    /**
     * Signed checkpoints.
     *
     * @param key file of an Ed25519 key, PEM
     * @param every lines after which one is due
     * @param interval time after which one is due, if there are new lines
     */
    public record Signing(
            String key, Optional<String> keyPasswordFile, Optional<Secret> keyPassword, int every, Duration interval) {}
}
