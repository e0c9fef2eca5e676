package io.konnectproxy.server.command;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The program. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        PrintWriter err = writer(System.err);
        try {
            BufferMemory.limit();
            System.exit(KonnectProxyCommand.execute(writer(System.out), err, System.getenv(), arguments));
        } catch (OutOfMemoryError e) {
            err.println(sentence(e));
            // An orderly exit may need a thread or memory, of which there is none.
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
    }

    static String sentence(OutOfMemoryError e) {
        return String.valueOf(e.getMessage()).contains("native thread")
                ? "The system lets this process start no more threads. Raise the limit: ulimit -u, TasksMax= of systemd, or"
                        + " the container's limit of processes."
                : "There is not enough memory: " + e.getMessage() + ". Give the process more memory.";
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }
}
