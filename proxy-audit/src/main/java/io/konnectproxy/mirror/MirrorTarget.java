package io.konnectproxy.mirror;

import io.konnectproxy.keys.TrustedCertificates;
import java.util.Optional;

/**
 * A destination over the network for copies of the lines.
 *
 * @param trust the authorities that its certificate may come from; empty for those that the JVM trusts
 */
public record MirrorTarget(MirrorUrl url, Optional<TrustedCertificates> trust) {}
