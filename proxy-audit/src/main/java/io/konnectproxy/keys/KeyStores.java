package io.konnectproxy.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

/** Makes key stores in memory, which the JDK's TLS needs for keys and certificates. */
public final class KeyStores {
    private KeyStores() {}

    public static KeyStore empty() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        return store;
    }
}
