package io.konnectproxy.server.tls;

import io.konnectproxy.keys.ExplicitCurve;
import io.konnectproxy.keys.FileContent;
import io.konnectproxy.keys.KeyEncryption;
import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PemFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * Reads a private key in any PEM form that OpenSSL writes: PKCS#8 and the traditional forms of RSA and EC, each plain or
 * encrypted. Bouncy Castle parses it; the result is a key of the JDK, whose TLS uses it.
 */
final class ServerKey {
    private static final Map<String, String> ALGORITHMS = Map.of(
            PKCSObjectIdentifiers.rsaEncryption.getId(), "RSA",
            X9ObjectIdentifiers.id_ecPublicKey.getId(), "EC",
            EdECObjectIdentifiers.id_Ed25519.getId(), "Ed25519");

    private ServerKey() {}

    /**
     * Reads the key of a file.
     *
     * @param password of an encrypted key; empty if none is configured
     */
    static PrivateKey read(FileContent file, Optional<char[]> password) throws KeyFileException {
        return ofJdk(info(only(file), file.file(), password), file.file());
    }

    private static Object only(FileContent file) throws KeyFileException {
        List<Object> contents = PemFile.contents(file);
        if (contents.size() > 1 && PemFile.isCurveName(contents.get(0))) {
            contents = contents.subList(1, contents.size());
        }
        if (contents.size() > 1) {
            boolean alike = contents.stream().map(PemFile::name).distinct().count() == 1;
            throw new KeyFileException(file.file() + " holds "
                    + (alike ? "more than one thing" : PemFile.names(contents))
                    + "; the private key is needed, alone.");
        }
        return contents.get(0);
    }

    private static PrivateKeyInfo info(Object content, String file, Optional<char[]> password) throws KeyFileException {
        boolean encrypted = content instanceof PKCS8EncryptedPrivateKeyInfo || content instanceof PEMEncryptedKeyPair;
        if (encrypted && password.isEmpty()) {
            throw new KeyFileException(file + " is encrypted, and no password was given; name a key-password-file.");
        }
        if (content instanceof PKCS8EncryptedPrivateKeyInfo pkcs8) {
            return KeyEncryption.decrypt(pkcs8, password.orElseThrow(), Path.of(file));
        }
        if (content instanceof PEMEncryptedKeyPair older) {
            return KeyEncryption.decrypt(older, password.orElseThrow(), Path.of(file));
        }
        PrivateKeyInfo plain = plain(content, file);
        if (password.isPresent()) {
            throw new KeyFileException(file + " is not encrypted, but a password was given for it.");
        }
        return plain;
    }

    private static PrivateKeyInfo plain(Object content, String file) throws KeyFileException {
        if (content instanceof PrivateKeyInfo pkcs8) {
            return pkcs8;
        }
        if (content instanceof PEMKeyPair older) {
            return older.getPrivateKeyInfo();
        }
        throw new KeyFileException(file + " holds " + PemFile.name(content) + "; the private key is needed.");
    }

    private static PrivateKey ofJdk(PrivateKeyInfo info, String file) throws KeyFileException {
        if (ExplicitCurve.isIn(info.getPrivateKeyAlgorithm())) {
            throw new KeyFileException(file
                    + " holds an EC key with explicit curve parameters; TLS needs a named curve, which"
                    + " 'openssl ec -in OLD -param_enc named_curve -out NEW' makes of it.");
        }
        String algorithm =
                ALGORITHMS.get(info.getPrivateKeyAlgorithm().getAlgorithm().getId());
        if (algorithm == null) {
            throw new KeyFileException(
                    file + " holds a private key that TLS is not served with here; RSA, EC or Ed25519 is needed.");
        }
        try {
            PrivateKey key =
                    KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            KeyStrength.require(key, "The private key in " + file);
            return key;
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new KeyFileException(file
                    + " holds a private key that is damaged, or of a curve that is none of P-256, P-384 and P-521.");
        }
    }
}
