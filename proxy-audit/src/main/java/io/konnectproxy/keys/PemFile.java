package io.konnectproxy.keys;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Reads the objects in a PEM file, and names them in messages when they are not the expected ones. */
public final class PemFile {
    /** The largest size; a key, or a certificate with its chain, has a few KiB. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ");

    private static final String OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----";

    private PemFile() {}

    /** Bouncy Castle's object for the one entry of a file. */
    public static Object read(Path file) throws KeyFileException {
        List<Object> contents = contents(FileContent.read("key file", file, MAX_BYTES));
        if (contents.size() > 1) {
            throw new KeyFileException(file + " holds more than one key or certificate; one key is needed.");
        }
        return contents.get(0);
    }

    /** Bouncy Castle's objects for all entries between BEGIN and END, at least one. */
    public static List<Object> contents(FileContent file) throws KeyFileException {
        String text = file.text();
        if (text.contains(OPENSSH)) {
            throw new KeyFileException(
                    file.file()
                            + " holds a private key in OpenSSH's own form; PKCS#8 is needed, which 'ssh-keygen -p -m PKCS8' makes of it.");
        }
        List<Object> contents = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
                contents.add(each);
            }
        } catch (IOException | RuntimeException e) {
            throw damaged(file, text);
        }
        // The parser skips an entry whose BEGIN is indented or follows an invisible character; then the second entry
        // would be taken for the first.
        if (contents.size() != BEGIN.matcher(text).results().count()) {
            throw damaged(file, text);
        }
        if (contents.isEmpty()) {
            throw new KeyFileException(file.file() + " is not a PEM file: "
                    + (isDer(file.bytes())
                            ? "it is DER or PKCS#12. 'openssl x509 -inform DER' makes PEM of a certificate, 'openssl pkey"
                                    + " -inform DER' of a key, 'openssl pkcs12 -nodes' of a .p12 or .pfx."
                            : "nothing in it is between BEGIN and END."));
        }
        return contents;
    }

    /** Whether it begins as an ASN.1 sequence that fills it, which certificates, keys and PKCS#12 are. */
    private static boolean isDer(byte[] bytes) {
        if (bytes.length < 4 || bytes[0] != 0x30) {
            return false;
        }
        return switch (bytes[1] & 0xff) {
            case 0x81 -> (bytes[2] & 0xff) == bytes.length - 3;
            case 0x82 -> ((bytes[2] & 0xff) << 8 | (bytes[3] & 0xff)) == bytes.length - 4;
            default -> bytes[1] == bytes.length - 2;
        };
    }

    private static KeyFileException damaged(FileContent file, String text) {
        PemDamage damage = PemDamage.of(text);
        return new KeyFileException(damage.at(file.file()) + " is not a PEM file: " + damage.what() + ".");
    }

    /** The name of an object, as in "FILE holds a certificate". */
    public static String name(Object content) {
        if (content instanceof X509CertificateHolder) {
            return "a certificate";
        }
        if (content instanceof SubjectPublicKeyInfo) {
            return "a public key";
        }
        if (content instanceof PrivateKeyInfo || content instanceof PEMKeyPair) {
            return "a private key";
        }
        if (content instanceof PKCS8EncryptedPrivateKeyInfo || content instanceof PEMEncryptedKeyPair) {
            return "an encrypted private key";
        }
        if (content instanceof PKCS10CertificationRequest) {
            return "a certificate request";
        }
        if (content instanceof X509CRLHolder) {
            return "a revocation list";
        }
        return content instanceof ContentInfo ? "a PKCS#7 container" : "neither a key nor a certificate";
    }

    /** The names of several objects, as in "FILE holds a certificate and a private key". */
    public static String names(List<Object> contents) {
        return contents.stream().map(PemFile::name).distinct().collect(Collectors.joining(" and "));
    }

    /** Whether this is the {@code EC PARAMETERS} entry before a key, which only gives its curve. */
    public static boolean isCurveName(Object content) {
        return content instanceof ASN1ObjectIdentifier || content instanceof X9ECParameters;
    }

    /** The text of a PEM file with this content. */
    public static String text(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter pem = new PemWriter(text)) {
            pem.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new IllegalStateException("a string takes everything", e);
        }
        return text.toString().replace("\r", "");
    }
}
