package io.konnectproxy.server.tls;

import java.util.Optional;

/**
 * Where a TLS server's own identity is read from, all in PEM.
 *
 * @param certificate its certificate, then those that lead to an authority
 * @param key its private key
 * @param keyPasswordFile holds the password of the key; empty where it is not encrypted
 * @param clientCa authorities from one of which clients must have a certificate; empty where none is demanded
 */
public record ServerFiles(
        String certificate, String key, Optional<String> keyPasswordFile, Optional<String> clientCa) {}
