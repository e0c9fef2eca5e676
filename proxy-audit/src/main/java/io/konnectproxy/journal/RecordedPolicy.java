package io.konnectproxy.journal;

import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.trail.LastConfiguration;
import io.konnectproxy.trail.Predecessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the last policy back from the trail. */
final class RecordedPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(RecordedPolicy.class);

    private RecordedPolicy() {}

    /** The last policy in this file or in the one before it; empty where there is none that can be read. */
    static Optional<PolicySettings> lastIn(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Optional<PolicySettings> last = LastConfiguration.of(file);
            if (last.isPresent()) {
                return last;
            }
            Optional<Predecessor> before = Predecessor.of(file);
            return before.isPresent() ? LastConfiguration.of(before.get().file()) : Optional.empty();
        } catch (IOException e) {
            LOG.warn(
                    "What was permitted before cannot be read from the files of the audit trail: {}.",
                    FileTrouble.of(e).reason());
            return Optional.empty();
        }
    }
}
