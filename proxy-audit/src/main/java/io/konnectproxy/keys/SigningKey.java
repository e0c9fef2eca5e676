package io.konnectproxy.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** The Ed25519 key that signs the trail. Thread-safe. */
public final class SigningKey {
    private final Ed25519PrivateKeyParameters key;

    private SigningKey(Ed25519PrivateKeyParameters key) {
        this.key = key;
    }

    public static SigningKey generate() {
        return new SigningKey(new Ed25519PrivateKeyParameters(new SecureRandom()));
    }

    /**
     * Reads a private key (PKCS#8 in PEM) as {@code audit keygen} and {@code openssl genpkey} write it.
     *
     * @param password of an encrypted key; empty for an unencrypted one
     * @throws KeyFileException when the key cannot be read with that password; the message is one sentence
     */
    public static SigningKey read(Path file, Optional<char[]> password) throws KeyFileException {
        Object content = PemFile.read(file);
        if (content instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            if (password.isEmpty()) {
                throw new KeyFileException(
                        file
                                + " is encrypted, and no password was given; name a key-password-file, or set KONNECT_PROXY_AUDIT_SIGN_KEY_PASSWORD.");
            }
            return of(KeyEncryption.decrypt(encrypted, password.get(), file), file);
        }
        if (content instanceof PrivateKeyInfo plain && Ed25519.is(plain.getPrivateKeyAlgorithm())) {
            if (password.isPresent()) {
                throw new KeyFileException(file + " is not encrypted, but a password was given for it.");
            }
            return of(plain, file);
        }
        throw unwanted(content, file);
    }

    private static SigningKey of(PrivateKeyInfo info, Path file) throws KeyFileException {
        try {
            AsymmetricKeyParameter found = PrivateKeyFactory.createKey(info);
            if (found instanceof Ed25519PrivateKeyParameters key) {
                return new SigningKey(key);
            }
        } catch (IOException | RuntimeException e) {
            throw new KeyFileException(file + " holds a private key that is damaged.");
        }
        throw unwanted(info, file);
    }

    private static KeyFileException unwanted(Object content, Path file) {
        return new KeyFileException(file + " holds " + Ed25519.name(content)
                + "; what signs is an Ed25519 private key (audit keygen makes one).");
    }

    /** The signature of these bytes, 64 bytes long. */
    public byte[] sign(byte[] bytes, int from, int end) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(bytes, from, end - from);
        return signer.generateSignature();
    }

    /** The public key, with the fingerprint that checkpoints contain. */
    public VerificationKey verificationKey() {
        return new VerificationKey(key.generatePublicKey());
    }

    /**
     * The key as the text of a PEM file.
     *
     * @param password to encrypt the key with; empty for no encryption
     */
    public String pem(Optional<char[]> password) {
        try {
            // Version 1 of PKCS#8, without the public key, which every OpenSSL reads.
            PrivateKeyInfo info = new PrivateKeyInfo(Ed25519.ALGORITHM, new DEROctetString(key.getEncoded()));
            return password.isPresent()
                    ? PemFile.text(
                            "ENCRYPTED PRIVATE KEY",
                            KeyEncryption.encrypt(info, password.get()).getEncoded())
                    : PemFile.text("PRIVATE KEY", info.getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("32 bytes can be encoded", e);
        }
    }
}
