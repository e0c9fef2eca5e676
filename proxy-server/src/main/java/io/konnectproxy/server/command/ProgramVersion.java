package io.konnectproxy.server.command;

import io.konnectproxy.server.ProxyServer;
import picocli.CommandLine.IVersionProvider;

/** The output of {@code --version}. */
final class ProgramVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"konnect-proxy " + ProxyServer.version()};
    }
}
