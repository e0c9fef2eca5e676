package io.konnectproxy.server.command;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PasswordFile;
import io.konnectproxy.keys.Secret;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.kong.KongFormat;
import io.konnectproxy.server.kong.KongListeners;
import io.konnectproxy.server.kong.KongOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Prints the settings for Kong to standard output, so that they can be piped, and warnings about them to standard
 * error.
 */
@Command(
        name = "kong-config",
        description = "Prints what to set in Kong and its tools so that they use the listeners of this proxy.")
final class KongConfigCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "kong.conf",
            converter = FormatName.class,
            description = "kong.conf, env, helm, docker, or deck for all tools that read HTTPS_PROXY. Default:"
                    + " ${DEFAULT-VALUE}")
    private KongFormat format = KongFormat.KONG_CONF;

    /** The former name of --output. */
    @Option(names = "--format", hidden = true, converter = FormatName.class)
    private Optional<KongFormat> formerly = Optional.empty();

    @Option(
            names = "--listener",
            paramLabel = "ADDRESS",
            description = "Only this listener: its address and port, or its port. Default: all")
    private Optional<String> listener = Optional.empty();

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "The name under which the proxy is reached. Default: of its certificate, or its address")
    private Optional<String> host = Optional.empty();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port at which it is reached, where a load balancer has another. Default: the listener's")
    private Optional<Integer> port = Optional.empty();

    @Option(names = "--user", paramLabel = "NAME", description = "Who comes in.")
    private Optional<String> user = Optional.empty();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Holds the user's password, alone in one line. What is printed is a secret then.")
    private Optional<Path> passwordFile = Optional.empty();

    /** Converts the names of formats, which are those of files such as kong.conf. */
    static final class FormatName implements ITypeConverter<KongFormat> {
        @Override
        public KongFormat convert(String text) {
            try {
                return KongFormat.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Override
    public Integer call() throws ConfigurationException {
        KongOptions options;
        try {
            options = options();
        } catch (KeyFileException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCode.FAILED;
        }
        KongListeners listeners = listeners(options);
        PrintWriter err = spec.commandLine().getErr();
        if (formerly.isPresent()) {
            format = formerly.get();
            err.println("warning: --format is deprecated; it is called --output");
        }
        listeners.warnings().forEach(warning -> err.println("warning: " + warning));
        format.warnings(listeners.found()).forEach(warning -> err.println("warning: " + warning));
        if (listeners.found().isEmpty()) {
            err.println("No listener of this configuration is for Kong.");
            return ExitCode.CONFIGURATION;
        }
        format.lines(listeners.found()).forEach(spec.commandLine().getOut()::println);
        return ExitCode.OK;
    }

    private KongOptions options() throws KeyFileException {
        try {
            Optional<Secret> password = passwordFile.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Secret(new String(PasswordFile.read(passwordFile.get()))));
            return new KongOptions(
                    listener, host, port.map(OptionalInt::of).orElseGet(OptionalInt::empty), user, password);
        } catch (IllegalArgumentException e) {
            throw misused(e);
        }
    }

    private KongListeners listeners(KongOptions options) throws ConfigurationException {
        Configuration loaded = configuration.load().configuration();
        try {
            return new KongListeners(loaded, options);
        } catch (IllegalArgumentException e) {
            throw misused(e);
        }
    }

    private ParameterException misused(Exception e) {
        return new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
}
