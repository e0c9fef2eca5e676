package io.konnectproxy.server.tls;

import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** The one kind of key that signs the trail (RFC 8410). */
final class Ed25519 {
    static final AlgorithmIdentifier ALGORITHM = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);

    private Ed25519() {}

    static boolean is(AlgorithmIdentifier algorithm) {
        return algorithm.getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519);
    }
}
