package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;

/** Text in ASCII to the writer of a command's results. It ends the work for a reader that is gone, which the writer would hide. */
final class PrintedStream extends OutputStream {
    private final PrintWriter out;

    PrintedStream(PrintWriter out) {
        this.out = out;
    }

    /** Nothing can be written any more. */
    static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] text, int from, int length) throws IOException {
        out.write(new String(text, from, length, US_ASCII));
        if (out.checkError()) {
            throw new ClosedException();
        }
    }
}
