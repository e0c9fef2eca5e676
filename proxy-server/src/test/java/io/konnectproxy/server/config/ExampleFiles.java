package io.konnectproxy.server.config;

import io.konnectproxy.server.tls.ThrowawayCa;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** The files that configurations name, in a directory that is there for as long as the tests run. */
final class ExampleFiles {
    /** A moment at which nothing is about to expire; the authority of tests lives for a day. */
    static Instant longBefore() {
        return Instant.now().minus(Duration.ofDays(90));
    }

    static final Path DIRECTORY = make();
    static final String CERTIFICATE = name("server.crt");
    static final String KEY = name("server.key");
    static final String ENCRYPTED_KEY = name("encrypted.key");
    static final String KEY_PASSWORD = name("key.password");
    static final String CA = name("ca.crt");
    static final String USERS = name("users.htpasswd");
    static final String PARENT_PASSWORD = name("parent.password");

    private ExampleFiles() {}

    private static String name(String file) {
        return DIRECTORY.resolve(file).toString();
    }

    private static Path make() {
        try {
            Path directory = Files.createTempDirectory("konnect-proxy-config");
            KeyStore store = new ThrowawayCa().serverStore(List.of("proxy.corp", "proxy"));
            Key key = store.getKey("server", new char[0]);
            Certificate[] chain = store.getCertificateChain("server");
            write(directory, "server.crt", pem("CERTIFICATE", chain[0].getEncoded()));
            write(directory, "ca.crt", pem("CERTIFICATE", chain[1].getEncoded()));
            write(directory, "server.key", pem("PRIVATE KEY", key.getEncoded()));
            write(directory, "encrypted.key", pem("ENCRYPTED PRIVATE KEY", encrypted(key, "of the key")));
            write(directory, "key.password", "of the key\n");
            String hash = "$2y$10$KBCwKxOzLha2MUDgW0PjXe3YWzG9nt08N08NKofFFY/Mxyb/oaUy2\n";
            write(directory, "users.htpasswd", "dp-payments:" + hash + "dp-orders:" + hash);
            write(directory, "cheap.htpasswd", "dp:$2y$05$KBCwKxOzLha2MUDgW0PjXeiB68uDfBmXvTUyyqNxAD2eaQ43eHNkm\n");
            write(directory, "parent.password", "proxy-user:of:the parent%\n");
            return directory;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encrypted(Key key, String password) throws GeneralSecurityException, IOException {
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())));
        // Java knows the name of the scheme in one direction only.
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
        parameters.init(cipher.getParameters().getEncoded());
        return new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(key.getEncoded())).getEncoded();
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(bytes)
                + "\n-----END " + what + "-----\n";
    }

    private static void write(Path directory, String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        file.toFile().deleteOnExit();
        directory.toFile().deleteOnExit();
    }

    /** A configuration in which {@code FILES} stands for the directory. */
    static String in(String yaml) {
        return yaml.replace("FILES", DIRECTORY.toString());
    }
}
