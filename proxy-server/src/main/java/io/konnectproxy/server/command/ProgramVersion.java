package io.konnectproxy.server.command;

import io.konnectproxy.server.ProxyServer;
import picocli.CommandLine.IVersionProvider;

/** The version as {@code --version} says it. */
final class ProgramVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"konnect-proxy " + ProxyServer.version()};
    }
}
