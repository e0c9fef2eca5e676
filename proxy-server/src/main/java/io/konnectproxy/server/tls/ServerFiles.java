package io.konnectproxy.server.tls;

import java.util.Optional;

/**
 * The files of the identity of a TLS server. All but the password are in PEM.
 *
 * @param certificate the certificate chain, the own certificate first
 * @param key the private key
 * @param keyPasswordFile the password of the key; empty if the key is not encrypted
 * @param clientCa authorities of client certificates; empty if clients need none
 */
public record ServerFiles(
        String certificate, String key, Optional<String> keyPasswordFile, Optional<String> clientCa) {}
