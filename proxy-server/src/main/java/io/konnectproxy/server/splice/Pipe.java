package io.konnectproxy.server.splice;

import java.io.IOException;
import java.nio.channels.Channel;

/**
 * A pipe of the kernel, lent to one direction of one tunnel while bytes are in it. Used by one thread at a time.
 */
final class Pipe {
    private final SystemCalls calls;
    private final int readEnd;
    private final int writeEnd;
    private long held;

    Pipe(SystemCalls calls, int readEnd, int writeEnd) {
        this.calls = calls;
        this.readEnd = readEnd;
        this.writeEnd = writeEnd;
    }

    /** The system does not move bytes of this kind of socket, or may not. None was moved. */
    static final class NotPossible extends IOException {
        private static final long serialVersionUID = 1;

        NotPossible() {
            super("splice: not possible here");
        }
    }

    /** The bytes in it. */
    long held() {
        return held;
    }

    /**
     * Moves bytes of a socket into the pipe.
     *
     * @return their number; 0 where none can be moved: none are there, the system has no memory for it, or it is the end. Which of
     *     them it is only a read of another kind tells: splice(2) tells the end also in front of urgent data with the end behind
     *     them
     * @throws NotPossible where they have to be read in another way
     * @throws IOException where the connection has failed
     */
    int fill(Channel from, int most) throws IOException {
        long moved = splice(Descriptors.of(from), writeEnd, most);
        if (moved == -SystemCalls.EAGAIN || moved == -SystemCalls.ENOMEM) {
            return 0;
        }
        if (isRefused(moved)) {
            throw new NotPossible();
        }
        if (moved < 0) {
            throw failure("read", moved);
        }
        held += moved;
        return (int) moved;
    }

    private static boolean isRefused(long result) {
        return result == -SystemCalls.EPERM
                || result == -SystemCalls.EACCES
                || result == -SystemCalls.ENOSYS
                || result == -SystemCalls.EINVAL
                || result == -SystemCalls.EOPNOTSUPP;
    }

    /**
     * Moves bytes of the pipe into a socket, as many as it takes.
     *
     * @return their number; 0 where it takes none now
     * @throws IOException where the connection has failed
     */
    long drain(Channel to) throws IOException {
        long moved = splice(readEnd, Descriptors.of(to), held);
        if (moved == -SystemCalls.EAGAIN) {
            return 0;
        }
        if (moved <= 0) {
            throw failure("write", moved);
        }
        held -= moved;
        return moved;
    }

    private long splice(int from, int to, long most) {
        long moved;
        do {
            moved = calls.splice(from, to, most);
        } while (moved == -SystemCalls.EINTR);
        return moved;
    }

    private static IOException failure(String what, long moved) {
        return new IOException("splice: cannot " + what + ", error " + -moved);
    }

    void close() {
        calls.close(readEnd);
        calls.close(writeEnd);
    }
}
