package io.konnectproxy.server.tls;

import io.konnectproxy.keys.KeyFileException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.spec.ECGenParameterSpec;

/** Makes and matches key pairs. */
final class KeyPairs {
    private static final byte[] SAMPLE =
            "sample to match a private and a public key".getBytes(StandardCharsets.US_ASCII);

    private KeyPairs() {}

    /** Generates a key pair on P-256, which every client accepts and which signs fast. */
    static KeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** Requires that the key belongs to the first certificate. */
    static void requireMatch(PrivateKey key, String keyFile, CertificateChain chain) throws KeyFileException {
        if (match(key, chain.first().getPublicKey())) {
            return;
        }
        int at = 1;
        for (X509Certificate each : chain.certificates()) {
            if (match(key, each.getPublicKey())) {
                throw new KeyFileException("The private key in " + keyFile + " belongs to certificate " + at + " in "
                        + chain.file() + "; that certificate must come first there.");
            }
            at++;
        }
        throw new KeyFileException(
                "The private key in " + keyFile + " does not belong to the certificate in " + chain.file() + ".");
    }

    static boolean match(PrivateKey key, PublicKey publicKey) {
        try {
            Signature signature = Signature.getInstance(signatureAlgorithm(key));
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    /** The algorithm with which a key signs certificates. */
    static String signatureAlgorithm(PrivateKey key) {
        if (key instanceof ECKey ec) {
            int bits = ec.getParams().getOrder().bitLength();
            return (bits <= 256 ? "SHA256" : bits <= 384 ? "SHA384" : "SHA512") + "withECDSA";
        }
        return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "Ed25519";
    }
}
