package io.konnectproxy.journal;

import io.konnectproxy.journal.AuditSettings.Signing;
import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PasswordFile;
import io.konnectproxy.keys.SigningKey;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** Says when a signed checkpoint is due, and signs it. One thread. */
final class Checkpoints {
    /** A run's start and its configuration. */
    private static final long BEGINNING = 2;

    private final SigningKey key;
    private final String fingerprint;
    private final long every;
    private final long intervalNanos;
    /** Lines since the last one. */
    private long since;
    /** When the first of them came. */
    private long begun;
    /** The first one of a run is due early, so that whoever has the key can verify from the beginning on. */
    private boolean first = true;

    Checkpoints(SigningKey key, Signing signing) {
        this.key = key;
        this.fingerprint = key.verificationKey().fingerprint();
        this.every = signing.every();
        this.intervalNanos = signing.interval().toNanos();
    }

    /**
     * What the configuration asks for.
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

    /** In the form that stands in the line. */
    String sign(byte[] checkpoint) {
        return Base64.getEncoder().encodeToString(key.sign(checkpoint, 0, checkpoint.length));
    }

    /**
     * Whether one should follow these lines.
     *
     * @param more lines that are about to be written
     * @param last whether none comes after them
     */
    boolean isDue(int more, boolean last) {
        long lines = since + more;
        return lines > 0
                && (last || lines >= (first ? Math.min(BEGINNING, every) : every) || (since > 0 && millisLeft() == 0));
    }

    /** Until one is due if no more lines come. */
    long millisLeft() {
        long left = begun + intervalNanos - System.nanoTime();
        return since == 0 ? Long.MAX_VALUE : Math.max(0, (left + 999_999) / 1_000_000);
    }

    /** A line is in the trail now. */
    void written() {
        if (since == 0) {
            begun = System.nanoTime();
        }
        since++;
    }

    /** A checkpoint is in the trail now. */
    void made() {
        first = false;
        since = 0;
    }
}
