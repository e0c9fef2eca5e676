package io.konnectproxy.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Provider;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.PKCSException;

/**
 * Password encryption of private keys. Keys are written as OpenSSL does, in PKCS#8 with PBES2 (PBKDF2 with
 * HMAC-SHA-256, AES-256-CBC). They are read in all forms that OpenSSL writes, and in the form before PKCS#8.
 */
public final class KeyEncryption {
    private static final int ITERATIONS = 210_000;

    private KeyEncryption() {}

    public static PKCS8EncryptedPrivateKeyInfo encrypt(PrivateKeyInfo info, char[] password) {
        try {
            OutputEncryptor encryptor = new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                    .setProvider(provider())
                    .setPRF(PKCS8Generator.PRF_HMACSHA256)
                    .setIterationCount(ITERATIONS)
                    .setPassword(password)
                    .build();
            return new PKCS8EncryptedPrivateKeyInfoBuilder(info).build(encryptor);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("Bouncy Castle has PBES2 and AES", e);
        }
    }

    public static PrivateKeyInfo decrypt(PKCS8EncryptedPrivateKeyInfo encrypted, char[] password, Path file)
            throws KeyFileException {
        for (char[] each : List.of(password, bytesOf(password))) {
            try {
                return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(provider())
                        .build(each));
            } catch (OperatorCreationException | PKCSException | RuntimeException e) {
                // The other encoding of the password is tried; after that the password is wrong.
            }
        }
        throw new KeyFileException("The password does not open " + file + ".");
    }

    /**
     * OpenSSL uses the bytes of a password. Bouncy Castle does too, except for PBKDF2 with HMAC-SHA-1: there it uses
     * the lower eight bits of each character, so it must be given each byte as a character.
     */
    private static char[] bytesOf(char[] password) {
        return new String(new String(password).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                .toCharArray();
    }

    /** Decrypts the form before PKCS#8, {@code Proc-Type: 4,ENCRYPTED}. */
    public static PrivateKeyInfo decrypt(PEMEncryptedKeyPair encrypted, char[] password, Path file)
            throws KeyFileException {
        try {
            return encrypted
                    .decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                            .setProvider(provider())
                            .build(password))
                    .getPrivateKeyInfo();
        } catch (IOException | RuntimeException e) {
            throw new KeyFileException("The password does not open " + file + ".");
        }
    }

    /** The provider is not registered with the JVM, so that it does not change the algorithms of other code. */
    private static Provider provider() {
        return new BouncyCastleProvider();
    }
}
