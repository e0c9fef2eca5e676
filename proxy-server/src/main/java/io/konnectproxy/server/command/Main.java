package io.konnectproxy.server.command;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** The program. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        BufferMemory.limit();
        System.exit(KonnectProxyCommand.execute(
                standardOutput(),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                arguments));
    }

    /** Past {@link System#out}, which hides errors. Not closed: the descriptor belongs to the process. */
    private static Writer standardOutput() {
        return new BufferedWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
    }
}
