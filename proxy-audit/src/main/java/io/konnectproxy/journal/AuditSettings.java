package io.konnectproxy.journal;

import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.S3Settings;
import io.konnectproxy.keys.Secret;
import io.konnectproxy.mirror.MirrorTarget;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The configuration of the audit trail, with at least one of file and stdout.
 *
 * @param file empty where lines go to standard output only
 * @param sign empty where no checkpoints are signed
 * @param archive empty where finished files stay where they are
 */
public record AuditSettings(
        Optional<String> file,
        Stdout stdout,
        OnFailure onFailure,
        Durability durability,
        Rotation rotate,
        Optional<Signing> sign,
        List<MirrorTarget> mirrors,
        Optional<Archive> archive) {
    public AuditSettings {
        mirrors = List.copyOf(mirrors);
    }

    /** Whether the lines are copied to standard output, and in which form where it is not the trail itself. */
    public enum Stdout {
        OFF,
        /** As readable records on a terminal, and otherwise as in the trail. */
        ON,
        /** Always as in the trail. */
        JSON
    }

    /** What happens to requests while the trail cannot be written. */
    public enum OnFailure {
        REFUSE,
        CONTINUE
    }

    /** How durable a line must be before the client gets its answer: taken by the operating system, or on the disk. */
    public enum Durability {
        OS,
        DISK
    }

    /**
     * When a new file is begun, and which finished files are removed. All limits apply together.
     *
     * @param size bytes at which a new file is begun
     * @param daily whether a new file is begun at midnight UTC
     * @param compress whether finished ones are compressed
     * @param keep how many finished files are kept
     * @param keepFor how long a finished file is kept after its last line
     * @param keepSize the most bytes of all finished files together
     */
    public record Rotation(
            Optional<Long> size,
            boolean daily,
            boolean compress,
            Optional<Integer> keep,
            Optional<Duration> keepFor,
            Optional<Long> keepSize) {
        /** Whether files are rotated. */
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

    /**
     * A bucket for the finished files and the newest checkpoint.
     *
     * @param retainFor how long the store lets nobody remove an object; empty for no lock
     * @param compliance whether that holds for everybody; else not for those with the right to bypass it
     * @param keepUnarchived whether a finished file is removed here only once it is archived
     */
    public record Archive(
            BucketUrl url, S3Settings store, Optional<Duration> retainFor, boolean compliance, boolean keepUnarchived) {
        /** The place of the objects, {@code s3://bucket/prefix at https://store.corp}. */
        public String place() {
            return url + store.endpoint().map(endpoint -> " at " + endpoint).orElse("");
        }
    }
}
