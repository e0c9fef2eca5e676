package io.konnectproxy.server.command;

import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.config.LoadedConfiguration;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code -c FILE}, mixed into every command that needs the configuration. */
final class ConfigurationOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "${sys:konnect-proxy.config:-config/konnect-proxy.yaml}",
            description = "The configuration. Default: ${DEFAULT-VALUE}")
    private Path file = Path.of("");

    Path file() {
        return file;
    }

    /** Loads the configuration; the root command prints its errors. */
    LoadedConfiguration load() throws ConfigurationException {
        KonnectProxyCommand root = (KonnectProxyCommand) command.root().userObject();
        return ConfigurationLoader.load(file, root.environment());
    }
}
