package io.konnectproxy.mirror;

import io.konnectproxy.keys.TrustedCertificates;
import java.util.Optional;

/**
 * Where copies of the lines go besides.
 *
 * @param trust who may vouch for its certificate; empty for whom the JVM trusts
 */
public record MirrorTarget(MirrorUrl url, Optional<TrustedCertificates> trust) {}
