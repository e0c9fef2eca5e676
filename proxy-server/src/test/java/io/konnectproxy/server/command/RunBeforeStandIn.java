package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.konnectproxy.server.ProxyServer;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Map;

/** The program, except that upstreams on loopback are dialled at a port of a test's: the first argument. */
public final class RunBeforeStandIn {
    private RunBeforeStandIn() {}

    public static void main(String[] arguments) {
        BufferMemory.limit();
        int port = Integer.parseInt(arguments[0]);
        System.exit(KonnectProxyCommand.execute(
                configuration -> ProxyServer.startBeforeStandIn(configuration, port),
                new PrintWriter(System.out, true, UTF_8),
                new PrintWriter(System.err, true, UTF_8),
                Map.of(),
                Arrays.copyOfRange(arguments, 1, arguments.length)));
    }
}
