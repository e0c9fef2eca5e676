package io.konnectproxy.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** The one thing in a PEM file, and what it is in words when it is not the thing that was wanted. */
final class PemFile {
    private static final int MAX_BYTES = 64 * 1024;

    private PemFile() {}

    /** What Bouncy Castle makes of the file. */
    static Object read(Path file) throws KeyFileException {
        try (PEMParser parser = new PEMParser(new StringReader(text(file)))) {
            Object content = parser.readObject();
            if (content == null) {
                throw new KeyFileException(file + " is not a PEM file: nothing in it is between BEGIN and END.");
            }
            if (parser.readPemObject() != null) {
                throw new KeyFileException(file + " holds more than one key or certificate; one key is needed.");
            }
            return content;
        } catch (IOException e) {
            throw new KeyFileException(file + " is not a PEM file: what stands between BEGIN and END is damaged.");
        }
    }

    private static String text(Path file) throws KeyFileException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new KeyFileException("There is no key file " + file + ".");
        } catch (AccessDeniedException e) {
            throw new KeyFileException("The key file " + file + " cannot be read: permission denied.");
        } catch (IOException e) {
            throw new KeyFileException("The key file " + file + " cannot be read: "
                    + (Files.isDirectory(file) ? "it is a directory." : e.getMessage() + "."));
        }
    }

    /** As in "FILE holds a certificate". */
    static String name(Object content) {
        if (content instanceof X509CertificateHolder) {
            return "a certificate";
        }
        if (content instanceof SubjectPublicKeyInfo key) {
            return Ed25519.is(key.getAlgorithm()) ? "a public key" : "a public key that is not Ed25519";
        }
        if (content instanceof PrivateKeyInfo key) {
            return Ed25519.is(key.getPrivateKeyAlgorithm()) ? "a private key" : "a private key that is not Ed25519";
        }
        if (content instanceof PKCS8EncryptedPrivateKeyInfo) {
            return "an encrypted private key";
        }
        return content instanceof PEMKeyPair || content instanceof PEMEncryptedKeyPair
                ? "a private key that is not Ed25519"
                : "something that is no key";
    }

    /** The text of a file that holds this. */
    static String text(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter pem = new PemWriter(text)) {
            pem.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new IllegalStateException("a string takes everything", e);
        }
        return text.toString().replace("\r", "");
    }
}
