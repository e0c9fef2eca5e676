package io.konnectproxy.server.command;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** The entry point of the program. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        try {
            BufferMemory.limit();
            LeakSampling.limit();
            System.exit(KonnectProxyCommand.execute(standardOutput(), err, System.getenv(), arguments));
        } catch (OutOfMemoryError e) {
            err.println(sentence(e));
            // An orderly exit may need a thread or memory, which is not available.
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
    }

    static String sentence(OutOfMemoryError e) {
        return String.valueOf(e.getMessage()).contains("native thread")
                ? "The system lets this process start no more threads. Raise the limit: ulimit -u, TasksMax= of systemd, or"
                        + " the container's limit of processes."
                : "There is not enough memory: " + e.getMessage() + ". Give the process more memory.";
    }

    /**
     * Standard output without {@link System#out}, which hides errors. It is not closed, because the descriptor belongs
     * to the process.
     */
    private static Writer standardOutput() {
        return new BufferedWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
    }
}
