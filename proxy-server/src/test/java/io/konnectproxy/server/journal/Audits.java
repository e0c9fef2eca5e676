package io.konnectproxy.server.journal;

import io.konnectproxy.server.config.Configuration.Audit;
import io.konnectproxy.server.config.Configuration.Audit.Durability;
import io.konnectproxy.server.config.Configuration.Audit.OnFailure;
import io.konnectproxy.server.config.Configuration.Audit.Rotation;
import java.util.List;
import java.util.Optional;

/** Settings of the trail, all but a few by default. */
final class Audits {
    static final Rotation NEVER =
            new Rotation(Optional.empty(), false, false, Optional.empty(), Optional.empty(), Optional.empty());

    private Audits() {}

    static Audit of(Optional<String> file, boolean stdout, OnFailure onFailure) {
        return new Audit(file, stdout, onFailure, Durability.OS, NEVER, Optional.empty(), List.of());
    }
}
