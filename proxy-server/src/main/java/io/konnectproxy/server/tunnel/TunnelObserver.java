package io.konnectproxy.server.tunnel;

import java.time.Duration;
import java.util.Optional;

/** Is told of the tunnels of permitted requests. Called on event loops, so it must neither block nor throw. */
public interface TunnelObserver {
    /** Takes no notice. */
    TunnelObserver NONE = new TunnelObserver() {
        @Override
        public void dialled(Optional<Duration> dns, Optional<Duration> connect) {}

        @Override
        public Runnable opened(Tunnel tunnel) {
            return () -> {};
        }
    };

    /**
     * The upstream was reached, or could not be. Told once for each permitted request whose tunnel opens or fails.
     *
     * @param dns duration of name resolution; empty if it was not started
     * @param connect duration of all attempts to connect; empty if none was started
     */
    void dialled(Optional<Duration> dns, Optional<Duration> connect);

    /**
     * The client was told that its tunnel is open.
     *
     * @return run when the tunnel has ended, once the bytes that it carried are final
     */
    Runnable opened(Tunnel tunnel);
}
