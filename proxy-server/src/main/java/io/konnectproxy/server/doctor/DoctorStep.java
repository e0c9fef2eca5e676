package io.konnectproxy.server.doctor;

import java.util.Locale;

/** The steps on the way to Konnect, in their order. The tokens are stable. */
public enum DoctorStep {
    CONFIGURATION,
    /** Whether the configuration permits the hosts. */
    POLICY,
    /** Memory and file descriptors. */
    CAPACITY,
    AUDIT,
    /** The certificate of one of our own TLS listeners. */
    CERTIFICATE,
    RESOLVERS,
    DNS,
    ADDRESSES,
    PARENT,
    TCP,
    TLS,
    CLOCK,
    MIRROR,
    /** The bucket of finished audit files. */
    ARCHIVE,
    /** The running proxy. */
    PROXY;

    /** The stable name, {@code dns}. */
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }
}
