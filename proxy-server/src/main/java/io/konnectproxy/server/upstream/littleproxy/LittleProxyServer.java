package io.konnectproxy.server.upstream.littleproxy;

import io.konnectproxy.server.socket.NetworkFamilies;
import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.HalfClose;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Queue;
import org.littleshoot.proxy.ChainedProxy;
import org.littleshoot.proxy.ChainedProxyAdapter;
import org.littleshoot.proxy.ChainedProxyManager;
import org.littleshoot.proxy.HttpFilters;
import org.littleshoot.proxy.HttpFiltersAdapter;
import org.littleshoot.proxy.HttpFiltersSourceAdapter;
import org.littleshoot.proxy.HttpProxyServer;
import org.littleshoot.proxy.impl.ClientDetails;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;

/**
 * LittleProxy, set up so that it decides nothing by itself: the only requests it sees are {@link PermittedRequest}s,
 * and the only addresses it dials are those that the request's {@link Dialler} gives it.
 */
public final class LittleProxyServer {
    /** LittleProxy's name of the handler that accepts requests. */
    private static final String REQUESTS = "handler";

    private LittleProxyServer() {}

    /**
     * Opens a listener.
     *
     * @throws RuntimeException whose cause is the failure to bind
     */
    public static Listening listen(InetSocketAddress address, TunnelLoops loops) {
        HttpProxyServer server = DefaultHttpProxyServer.bootstrap()
                .withServerGroup(loops)
                .withAddress(ofItsFamily(address))
                // Without an alias LittleProxy would look up this machine's name in DNS, and send it to clients.
                .withProxyAlias("konnect-proxy")
                .withTransparent(true)
                // Every phase has its own deadline instead.
                .withIdleConnectionTimeout(0)
                .withFiltersSource(new PermitFilters())
                .withChainProxyManager(new Attempts())
                .start();
        return new Listening(server);
    }

    /**
     * LittleProxy opens sockets that have both families where the machine has IPv6, and the JDK binds {@code 0.0.0.0}
     * as {@code [::]} then. The IPv4-mapped form of the address (RFC 4291, section 2.5.5.2) accepts IPv4 only: the
     * system refuses clients over IPv6, and they fall back to IPv4.
     */
    private static InetSocketAddress ofItsFamily(InetSocketAddress address) {
        if (!(address.getAddress() instanceof Inet4Address)
                || !address.getAddress().isAnyLocalAddress()
                || !NetworkFamilies.hasIpv6()) {
            return address;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        try {
            return new InetSocketAddress(Inet6Address.getByAddress(null, mapped, -1), address.getPort());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen bytes are no IPv6 address", e);
        }
    }

    /** LittleProxy's part of an open listener. */
    public static final class Listening {
        private final HttpProxyServer server;

        private Listening(HttpProxyServer server) {
            this.server = server;
        }

        /** Closes it, and removes the shutdown hook that LittleProxy has registered. */
        public void abort() {
            server.abort();
        }
    }

    /** Removes LittleProxy's handlers from a pipeline. Only our handler and TLS in front of it remain. */
    public static void strip(ChannelPipeline pipeline) {
        pipeline.names().forEach(name -> remove(pipeline, name));
    }

    /**
     * Leaves of LittleProxy's handlers on a client's pipeline only the one that accepts requests. What would parse a client's bytes
     * has none to parse, what would write replies is not asked for any, and what counts and watches is not used.
     */
    public static void stripToRequests(ChannelPipeline pipeline) {
        for (String name : pipeline.names()) {
            if (!name.equals(REQUESTS)) {
                remove(pipeline, name);
            }
        }
    }

    /** Removes a handler of LittleProxy; the end of the pipeline, which has a name too, is no handler. */
    private static void remove(ChannelPipeline pipeline, String name) {
        ChannelHandler handler = pipeline.get(name);
        if (handler != null && !name.equals(ClientHandler.GATE) && !HalfClose.isOfTls(handler)) {
            pipeline.remove(handler);
        }
    }

    /** Finds the {@link Dialler} of a client connection; a request on a connection without one fails. */
    private static final class PermitFilters extends HttpFiltersSourceAdapter {
        @Override
        public HttpFilters filterRequest(HttpRequest request, ChannelHandlerContext context) {
            ChannelHandler gate = context.pipeline().get(ClientHandler.GATE);
            return gate instanceof Dialler dialler ? new AddressFilter(dialler) : new RefuseAll();
        }
    }

    /** Answers LittleProxy's request for an address with the tunnel's next one. */
    private static final class AddressFilter extends HttpFiltersAdapter {
        private final Dialler dialler;

        AddressFilter(Dialler dialler) {
            super(null);
            this.dialler = dialler;
        }

        @Override
        public InetSocketAddress proxyToServerResolutionStarted(String hostAndPort) {
            return dialler.nextAddress();
        }
    }

    /** Throws for every request, which closes the connection: for LittleProxy a null would mean to continue. */
    private static final class RefuseAll extends HttpFiltersAdapter {
        RefuseAll() {
            super(null);
        }

        @Override
        public HttpResponse clientToProxyRequest(HttpObject object) {
            throw new IllegalStateException("a request without a permit");
        }
    }

    /**
     * One direct attempt, and another one whenever the tunnel has an attempt left. LittleProxy does not know the
     * parents.
     */
    private static final class Attempts implements ChainedProxyManager {
        @Override
        public void lookupChainedProxies(HttpRequest request, Queue<ChainedProxy> queue, ClientDetails client) {
            if (request instanceof PermittedRequest permitted) {
                permitted.dialler().onAttemptMore(() -> queue.add(ChainedProxyAdapter.FALLBACK_TO_DIRECT_CONNECTION));
                queue.add(ChainedProxyAdapter.FALLBACK_TO_DIRECT_CONNECTION);
            }
        }
    }

    /** Whether a channel was accepted, as opposed to dialled. */
    public static boolean isAccepted(Channel channel) {
        return channel.parent() != null;
    }
}
