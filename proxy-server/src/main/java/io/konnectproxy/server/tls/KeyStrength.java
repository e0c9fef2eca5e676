package io.konnectproxy.server.tls;

import io.konnectproxy.keys.KeyFileException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.List;

/** Rejects keys that current clients do not accept. */
final class KeyStrength {
    private static final int RSA_BITS = 2048;

    /** The curves that both the JDK and OpenSSL support. */
    private static final List<String> CURVES = List.of("secp256r1", "secp384r1", "secp521r1");

    private KeyStrength() {}

    /** @param subject the beginning of a sentence about the key */
    static void require(Key key, String subject) throws KeyFileException {
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < RSA_BITS) {
            throw new KeyFileException(
                    subject + " has " + rsa.getModulus().bitLength() + " bits; clients accept RSA from 2048 bits on.");
        }
        if (key instanceof ECKey ec && CURVES.stream().noneMatch(name -> isOn(name, ec.getParams()))) {
            throw new KeyFileException(subject + " is of a curve that is none of P-256, P-384 and P-521.");
        }
    }

    private static boolean isOn(String name, ECParameterSpec curve) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(name));
            ECParameterSpec known = parameters.getParameterSpec(ECParameterSpec.class);
            return known.getCurve().equals(curve.getCurve())
                    && known.getGenerator().equals(curve.getGenerator())
                    && known.getOrder().equals(curve.getOrder());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK does not support " + name, e);
        }
    }
}
