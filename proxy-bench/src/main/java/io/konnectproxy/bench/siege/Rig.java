package io.konnectproxy.bench.siege;

import io.konnectproxy.bench.Origin;
import io.konnectproxy.server.demo.StandInDns;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Everybody who takes part: the proxy, what stands behind it, who comes to it. */
final class Rig implements AutoCloseable {
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Listeners listeners;
    private final Installation installation;
    private final Origin origin;
    private final RetryingOrigin retrying;
    private final Proxy proxy;
    private final HonestClients honest;
    private final Attackers attackers;

    Rig(Options.Launch launch) throws Exception {
        try {
            listeners = Listeners.free();
            StandInDns names = closing(Names.serve());
            installation =
                    closing(new Installation(launch, listeners, names.address().getPort()));
            origin = closing(new Origin());
            closing(new Konnect(installation));
            closing(new DeafOrigin());
            retrying = closing(new RetryingOrigin());
            proxy = closing(new Proxy(installation, listeners));
            honest = closing(new HonestClients(listeners, installation));
            attackers = closing(new Attackers());
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T closing(T part) {
        started.push(part);
        return part;
    }

    Listeners listeners() {
        return listeners;
    }

    Installation installation() {
        return installation;
    }

    Origin origin() {
        return origin;
    }

    RetryingOrigin retrying() {
        return retrying;
    }

    Proxy proxy() {
        return proxy;
    }

    HonestClients honest() {
        return honest;
    }

    Attackers attackers() {
        return attackers;
    }

    @Override
    public void close() throws IOException {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                throw new IOException("cannot clear up: " + e.getMessage(), e);
            }
        }
    }
}
