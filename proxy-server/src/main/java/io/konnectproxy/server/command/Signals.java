package io.konnectproxy.server.command;

import java.lang.reflect.Proxy;

/**
 * Handles signals before any shutdown hook runs, because LittleProxy registers a hook that closes every tunnel at once.
 * Only {@code sun.misc.Signal} can do that. It is exported and supported (JEP 260), but direct use causes compiler
 * warnings, so it is used by reflection.
 */
final class Signals {
    private Signals() {}

    /** Lets SIGTERM and SIGINT run this, on a thread of the JVM, instead of ending the process. */
    static void onStop(Runnable action) {
        on(action, "TERM", "INT");
    }

    /** The same for SIGHUP, which log rotation sends after it has moved files away. Windows has no such signal. */
    static void onHangUp(Runnable action) {
        if (!System.getProperty("os.name", "").startsWith("Windows")) {
            on(action, "HUP");
        }
    }

    /** Sends SIGTERM to this process. */
    static void stopThisProcess() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            signal.getMethod("raise", signal)
                    .invoke(null, signal.getConstructor(String.class).newInstance("TERM"));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM cannot send itself a signal", e);
        }
    }

    private static void on(Runnable action, String... names) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object running = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            for (String name : names) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), running);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM cannot catch signals", e);
        }
    }
}
