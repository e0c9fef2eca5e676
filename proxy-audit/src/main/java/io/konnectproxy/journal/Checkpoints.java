package io.konnectproxy.journal;

import io.konnectproxy.journal.AuditSettings.Signing;
import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PasswordFile;
import io.konnectproxy.keys.SigningKey;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** Decides when a signed checkpoint is due, and signs it. Not thread-safe. */
final class Checkpoints {
    /** The first lines of a run: its start and its configuration. */
    private static final long BEGINNING = 2;

    private final SigningKey key;
    private final String fingerprint;
    private final long every;
    private final long intervalNanos;
    /** Lines since the last checkpoint. */
    private long since;
    /** When the first of them was written. */
    private long begun;
    /** The first checkpoint of a run is due early, so that its beginning can be verified soon. */
    private boolean first = true;

    Checkpoints(SigningKey key, Signing signing) {
        this.key = key;
        this.fingerprint = key.verificationKey().fingerprint();
        this.every = signing.every();
        this.intervalNanos = signing.interval().toNanos();
    }

    /**
     * The checkpoints of the configuration; empty where none are signed.
     *
     * @throws JournalException when the key cannot be used
     */
    static Optional<Checkpoints> of(AuditSettings audit) throws JournalException {
        if (audit.sign().isEmpty()) {
            return Optional.empty();
        }
        Signing signing = audit.sign().get();
        try {
            Optional<char[]> password =
                    signing.keyPassword().map(secret -> secret.value().toCharArray());
            if (signing.keyPasswordFile().isPresent()) {
                password = Optional.of(
                        PasswordFile.read(Path.of(signing.keyPasswordFile().get())));
            }
            return Optional.of(new Checkpoints(SigningKey.read(Path.of(signing.key()), password), signing));
        } catch (KeyFileException e) {
            throw new JournalException("The audit trail cannot be signed (audit.sign): " + e.getMessage());
        }
    }

    String fingerprint() {
        return fingerprint;
    }

    /** The signature in the form of the line, Base64. */
    String sign(byte[] checkpoint) {
        return Base64.getEncoder().encodeToString(key.sign(checkpoint, 0, checkpoint.length));
    }

    /**
     * Whether a checkpoint should follow these lines.
     *
     * @param more lines that are about to be written
     * @param last whether no more lines come after them
     */
    boolean isDue(int more, boolean last) {
        long lines = since + more;
        return lines > 0
                && (last || lines >= (first ? Math.min(BEGINNING, every) : every) || (since > 0 && millisLeft() == 0));
    }

    /** Milliseconds until a checkpoint is due if no more lines come. */
    long millisLeft() {
        long left = begun + intervalNanos - System.nanoTime();
        return since == 0 ? Long.MAX_VALUE : Math.max(0, (left + 999_999) / 1_000_000);
    }

    /** Counts a line that has been written. */
    void written() {
        if (since == 0) {
            begun = System.nanoTime();
        }
        since++;
    }

    /** Begins to count again after a checkpoint has been written. */
    void made() {
        first = false;
        since = 0;
    }
}
