package io.konnectproxy.archive;

import io.konnectproxy.keys.Secret;
import io.konnectproxy.keys.TrustedCertificates;
import java.net.URI;
import java.util.Optional;

/**
 * How an S3 store is reached. Credentials are no part of it: they come from AWS's standard chain.
 *
 * @param endpoint {@code https://host:port}, or http; empty for AWS
 * @param region empty for what the chain of AWS says, or for an endpoint, where no region matters
 * @param trust who vouches for the endpoint, instead of those that the JVM trusts
 * @param proxy what the requests go through
 */
public record S3Settings(
        Optional<URI> endpoint,
        Optional<String> region,
        Optional<TrustedCertificates> trust,
        Optional<HttpProxy> proxy) {
    /** AWS, with what the environment says. */
    public static final S3Settings AWS =
            new S3Settings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * A proxy that is asked with CONNECT.
     *
     * @param host without brackets
     * @param tls whether it is reached over TLS
     * @param credentials {@code user:password}; a user has no colon
     * @param trust who vouches for it, instead of those that the JVM trusts
     */
    public record HttpProxy(
            String host, int port, boolean tls, Optional<Secret> credentials, Optional<TrustedCertificates> trust) {}
}
