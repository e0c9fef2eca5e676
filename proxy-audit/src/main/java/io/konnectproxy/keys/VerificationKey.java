package io.konnectproxy.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** The public key of the trail's signing key. Only the public key is needed to verify. Thread-safe. */
public final class VerificationKey {
    private final Ed25519PublicKeyParameters key;
    private final byte[] encoded;

    VerificationKey(Ed25519PublicKeyParameters key) {
        this.key = key;
        try {
            this.encoded = new SubjectPublicKeyInfo(Ed25519.ALGORITHM, key.getEncoded()).getEncoded("DER");
        } catch (IOException e) {
            throw new IllegalStateException("32 bytes can be encoded", e);
        }
    }

    /**
     * Reads a public key as {@code audit keygen} and {@code openssl pkey -pubout} write it.
     *
     * @throws KeyFileException when the file has no such key; the message is one sentence
     */
    public static VerificationKey read(Path file) throws KeyFileException {
        Object content = PemFile.read(file);
        if (content instanceof SubjectPublicKeyInfo info && Ed25519.is(info.getAlgorithm())) {
            byte[] raw = info.getPublicKeyData().getOctets();
            if (raw.length == Ed25519PublicKeyParameters.KEY_SIZE) {
                return new VerificationKey(checked(raw, file));
            }
        }
        throw new KeyFileException(file + " holds " + Ed25519.name(content)
                + "; what verifies is the Ed25519 public key (of audit keygen: the file that ends in .pub).");
    }

    private static Ed25519PublicKeyParameters checked(byte[] raw, Path file) throws KeyFileException {
        try {
            return new Ed25519PublicKeyParameters(raw);
        } catch (IllegalArgumentException e) {
            throw new KeyFileException(file + " holds a public key that is no point of the curve; it is damaged.");
        }
    }

    /** Whether the private key made this signature of these bytes. */
    public boolean verifies(byte[] signed, byte[] signature) {
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, key);
        verifier.update(signed, 0, signed.length);
        return verifier.verifySignature(signature);
    }

    /** The SHA-256 of the SubjectPublicKeyInfo (DER) in hex, which identifies the key. */
    public String fingerprint() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The key as the text of a PEM file. */
    public String pem() {
        return PemFile.text("PUBLIC KEY", encoded);
    }
}
