package io.konnectproxy.server;

import io.konnectproxy.server.command.KonnectProxyCommand;
import java.io.PrintWriter;

/** The program. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(KonnectProxyCommand.execute(
                new PrintWriter(System.out, true), new PrintWriter(System.err, true), System.getenv(), arguments));
    }
}
