package io.konnectproxy.mirror;

import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.siem.LineFormat;
import java.util.Optional;

/**
 * A destination over the network for copies of the lines.
 *
 * @param trust the authorities that its certificate may come from; empty for those that the JVM trusts
 * @param format the form in which it gets them
 */
public record MirrorTarget(MirrorUrl url, Optional<TrustedCertificates> trust, LineFormat format) {
    /** A destination that gets the lines as they are. */
    public MirrorTarget(MirrorUrl url, Optional<TrustedCertificates> trust) {
        this(url, trust, LineFormat.LINE);
    }
}
