package io.konnectproxy.bench;

/** The request of a Kong data plane, byte for byte. */
public final class KongConnect {
    private KongConnect() {}

    /**
     * The whole head.
     *
     * @param credentials a header line with its end, or nothing
     */
    public static String head(String host, String credentials) {
        return "CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host + ":443\r\nProxy-Connection: Keep-Alive\r\n"
                + credentials + "\r\n";
    }
}
