package io.konnectproxy.server.splice;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of the JDK's sockets. The JDK tells them to nobody but its own packages, so one of these must be exported to this
 * class: the jar's manifest does ({@code Add-Exports}).
 */
final class Descriptors {
    private static final @Nullable MethodHandle NUMBER = find();

    private Descriptors() {}

    private static @Nullable MethodHandle find() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            return lookup.findVirtual(
                            lookup.findClass("sun.nio.ch.SelChImpl"), "getFDVal", MethodType.methodType(int.class))
                    .asType(MethodType.methodType(int.class, Channel.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Whether they can be had. */
    static boolean canBe() {
        return NUMBER != null;
    }

    /**
     * The descriptor of a socket. It is valid until this socket is closed, so the thread that closes it must be the one that
     * asks.
     *
     * @throws ClosedChannelException where it is closed, and its number may be another's
     */
    static int of(Channel socket) throws IOException {
        if (!socket.isOpen()) {
            throw new ClosedChannelException();
        }
        try {
            return (int) NUMBER.invokeExact(socket);
        } catch (Throwable e) {
            throw new IOException("a socket without a descriptor", e);
        }
    }
}
