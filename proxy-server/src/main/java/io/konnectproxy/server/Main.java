package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.konnectproxy.server.command.KonnectProxyCommand;
import java.io.PrintWriter;

/** The program. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, UTF_8);
        System.exit(KonnectProxyCommand.execute(out, err, System.getenv(), arguments));
    }
}
