package io.konnectproxy.server.command;

import java.lang.reflect.Proxy;

/**
 * SIGTERM and SIGINT, caught before any shutdown hook runs: LittleProxy sets a hook that closes every tunnel at once. Only
 * {@code sun.misc.Signal} can do that, which is exported and supported (JEP 260) and can't be named in code that is compiled
 * without warnings.
 */
final class StopSignal {
    private StopSignal() {}

    /** From now on these signals run this, on a thread of the JVM's, instead of ending the process. */
    static void onReceived(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object running = Proxy.newProxyInstance(
                    StopSignal.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            for (String name : new String[] {"TERM", "INT"}) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), running);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM cannot catch signals", e);
        }
    }
}
