package io.konnectproxy.bench.siege;

import io.konnectproxy.bench.ProxyProcess;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Where the proxy is reached.
 *
 * @param plain for everybody
 * @param sources for {@value #INSIDE} only
 * @param tls with a certificate of the trial's authority
 * @param credentials for users of the users file
 * @param balanced for load balancers in {@value #BALANCERS} only, which must send a PROXY header
 * @param admin where health is asked
 */
record Listeners(
        InetSocketAddress plain,
        InetSocketAddress sources,
        InetSocketAddress tls,
        InetSocketAddress credentials,
        InetSocketAddress balanced,
        InetSocketAddress admin) {
    static final String INSIDE = "127.1.0.0/16";
    static final String BALANCERS = "127.5.0.0/16";

    static Listeners free() throws IOException {
        return new Listeners(
                ProxyProcess.freeAddress(),
                ProxyProcess.freeAddress(),
                ProxyProcess.freeAddress(),
                ProxyProcess.freeAddress(),
                ProxyProcess.freeAddress(),
                ProxyProcess.freeAddress());
    }
}
