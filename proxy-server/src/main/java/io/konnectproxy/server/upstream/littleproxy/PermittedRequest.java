package io.konnectproxy.server.upstream.littleproxy;

import io.konnectproxy.policy.TunnelPermit;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;

/**
 * The only kind of request that LittleProxy sees: a CONNECT made from a permit. It contains nothing that the client
 * sent.
 */
public final class PermittedRequest extends DefaultHttpRequest {
    private final Dialler dialler;

    public PermittedRequest(TunnelPermit permit, Dialler dialler) {
        super(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, permit.authority().toString());
        headers().set(HttpHeaderNames.HOST, permit.authority().toString());
        this.dialler = dialler;
    }

    Dialler dialler() {
        return dialler;
    }
}
