package io.konnectproxy.server.command;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The program. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        BufferMemory.limit();
        System.exit(KonnectProxyCommand.execute(writer(System.out), writer(System.err), System.getenv(), arguments));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }
}
