package io.konnectproxy.compatibility;

import io.konnectproxy.server.command.KonnectProxyCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** Runs commands as users do. */
final class Commands {
    private Commands() {}

    record Ran(int code, String out, String err) {}

    static Ran run(String... arguments) {
        return run(Map.of(), arguments);
    }

    static Ran run(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(out, new PrintWriter(err), environment, arguments);
        return new Ran(code, out.toString(), err.toString());
    }
}
