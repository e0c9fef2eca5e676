package io.konnectproxy.support;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.konnectproxy.server.splice.Pipes;
import io.konnectproxy.server.splice.SystemCalls;
import java.util.function.IntFunction;

/** The two ways in which a relay passes bytes on. */
public enum Relaying {
    COPIED,
    /** Every read of an open tunnel goes through a pipe, however small. */
    PIPED;

    public IntFunction<Pipes> pipes() {
        return most -> this == COPIED ? Pipes.ofTheSystem(0) : Pipes.with(new LibraryCalls(), 4, 1);
    }

    /** The calls by JNA, which a JDK 17 has too. */
    public static final class LibraryCalls implements SystemCalls {
        private static final NativeLibrary LIBRARY = NativeLibrary.getInstance(null);
        private static final int NONBLOCK_AND_CLOEXEC = 0x80800;
        private static final int MOVE_AND_NONBLOCK = 3;
        private static final int SET_PIPE_SIZE = 1031;

        private static Number call(Class<? extends Number> returns, String name, Object... arguments) {
            Function function = LIBRARY.getFunction(name, Function.C_CONVENTION);
            Number result = (Number) function.invoke(returns, arguments);
            return result.longValue() < 0 ? -Native.getLastError() : result;
        }

        @Override
        public long splice(int from, int to, long most) {
            return call(Long.class, "splice", from, null, to, null, most, MOVE_AND_NONBLOCK)
                    .longValue();
        }

        @Override
        public int pipe(int[] ends) {
            return call(Integer.class, "pipe2", ends, NONBLOCK_AND_CLOEXEC).intValue();
        }

        @Override
        public int resize(int pipe, int bytes) {
            return call(Integer.class, "fcntl", pipe, SET_PIPE_SIZE, bytes).intValue();
        }

        @Override
        public int close(int descriptor) {
            return call(Integer.class, "close", descriptor).intValue();
        }
    }
}
