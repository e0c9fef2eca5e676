package io.konnectproxy.server.tls;

import java.nio.file.Path;
import java.security.Provider;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.PKCSException;

/** Private keys under a password: PKCS#8 with PBES2 (PBKDF2 with HMAC-SHA-256, AES-256-CBC), as OpenSSL reads and writes it. */
final class KeyEncryption {
    private static final int ITERATIONS = 210_000;

    private KeyEncryption() {}

    static PKCS8EncryptedPrivateKeyInfo encrypt(PrivateKeyInfo info, char[] password) {
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

    static PrivateKeyInfo decrypt(PKCS8EncryptedPrivateKeyInfo encrypted, char[] password, Path file)
            throws KeyFileException {
        try {
            return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                    .setProvider(provider())
                    .build(password));
        } catch (OperatorCreationException | PKCSException | RuntimeException e) {
            throw new KeyFileException("The password does not open " + file + ".");
        }
    }

    /** Not registered with the JVM: nobody else is to get other algorithms by it. */
    private static Provider provider() {
        return new BouncyCastleProvider();
    }
}
