package io.konnectproxy.server.command;

import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.config.SigningFiles;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code -c FILE}, mixed into every command that needs the configuration. */
final class ConfigurationOption {
    /** The system property by which the launcher of the packages names the file in /etc. */
    private static final String PROPERTY = "konnect-proxy.config";

    static final String SHORT = "-c";
    static final String LONG = "--config";

    private static final String OF_A_CHECKOUT = "config/konnect-proxy.yaml";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = {SHORT, LONG},
            paramLabel = "FILE",
            defaultValue = "${sys:" + PROPERTY + ":-" + OF_A_CHECKOUT + "}",
            description = "The configuration. Default: ${DEFAULT-VALUE}")
    private Path file = Path.of("");

    /** What is read without {@code -c}. */
    static String defaultFile() {
        return System.getProperty(PROPERTY, OF_A_CHECKOUT);
    }

    Path file() {
        return file;
    }

    /** Loads the configuration; the root command prints its errors. */
    LoadedConfiguration load() throws ConfigurationException {
        return load(SigningFiles.UNREAD);
    }

    LoadedConfiguration load(SigningFiles signingFiles) throws ConfigurationException {
        KonnectProxyCommand root = (KonnectProxyCommand) command.root().userObject();
        return ConfigurationLoader.load(file, root.environment(), signingFiles);
    }
}
