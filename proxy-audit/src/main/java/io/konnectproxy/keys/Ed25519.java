package io.konnectproxy.keys;

import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;

/** The one kind of key that signs the trail (RFC 8410). */
final class Ed25519 {
    static final AlgorithmIdentifier ALGORITHM = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);

    private Ed25519() {}

    static boolean is(AlgorithmIdentifier algorithm) {
        return algorithm.getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519);
    }

    /** Like {@link PemFile#name}, but a key of another algorithm is described as not Ed25519. */
    static String name(Object content) {
        if (content instanceof SubjectPublicKeyInfo key && !is(key.getAlgorithm())) {
            return "a public key that is not Ed25519";
        }
        // The formats before PKCS#8 cannot contain an Ed25519 key.
        if (content instanceof PEMKeyPair
                || content instanceof PEMEncryptedKeyPair
                || (content instanceof PrivateKeyInfo key && !is(key.getPrivateKeyAlgorithm()))) {
            return "a private key that is not Ed25519";
        }
        return PemFile.name(content);
    }
}
