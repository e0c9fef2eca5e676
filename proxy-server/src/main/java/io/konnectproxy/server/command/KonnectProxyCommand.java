package io.konnectproxy.server.command;

import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.StartupException;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.doctor.Surroundings;
import io.konnectproxy.trail.FileWords;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line. Without a command it prints its usage. */
@Command(
        name = "konnect-proxy",
        description = "A forward proxy that lets Kong reach Konnect, and nothing else.",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = ProgramVersion.class,
        synopsisSubcommandLabel = "COMMAND")
public final class KonnectProxyCommand implements Callable<Integer> {
    private static final List<Class<?>> COMMANDS = List.of(
            RunCommand.class,
            CheckCommand.class,
            ExplainCommand.class,
            SuggestCommand.class,
            HostsCommand.class,
            HealthCommand.class,
            DoctorCommand.class,
            KongConfigCommand.class,
            DemoCommand.class,
            AuditCommand.class,
            CertificateCommand.class,
            UserCommand.class,
            CompletionCommand.class,
            ManCommand.class);

    private final Map<String, String> environment;
    private final ServerStart start;
    private final Supplier<Surroundings> surroundings;

    @Spec
    private CommandSpec spec;

    /** Starts a proxy with a configuration. */
    interface ServerStart {
        ProxyServer from(Configuration configuration) throws StartupException;
    }

    private KonnectProxyCommand(
            Map<String, String> environment, ServerStart start, Supplier<Surroundings> surroundings) {
        this.environment = Map.copyOf(environment);
        this.start = start;
        this.surroundings = surroundings;
        this.spec = CommandSpec.create();
    }

    /**
     * Runs a command to its end.
     *
     * @param out for the command's results; if they cannot be written, the command has failed
     * @param environment the environment variables of the process
     * @return the exit code of the process
     */
    public static int execute(Writer out, PrintWriter err, Map<String, String> environment, String... arguments) {
        return execute(ProxyServer::start, Surroundings::ofThisMachine, out, err, environment, arguments);
    }

    /** The same with another way to start the proxy, for tests, which cannot have an upstream at port 443. */
    static int execute(
            ServerStart start, Writer out, PrintWriter err, Map<String, String> environment, String... arguments) {
        return execute(start, Surroundings::ofThisMachine, out, err, environment, arguments);
    }

    /** The same with other surroundings for {@code doctor}. */
    static int execute(
            ServerStart start,
            Supplier<Surroundings> surroundings,
            Writer out,
            PrintWriter err,
            Map<String, String> environment,
            String... arguments) {
        Optional<ProxyRun> run = ProxyRun.plainly(start, environment, arguments);
        if (run.isPresent()) {
            return execute(run.get(), err);
        }
        ResultWriter results = new ResultWriter(out);
        PrintWriter printer = new PrintWriter(results, true);
        CommandLine root = new CommandLine(new KonnectProxyCommand(environment, start, surroundings));
        commands(arguments).forEach(root::addSubcommand);
        int code = root.setOut(printer)
                .setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, new Misuse.FileName())
                .setParameterExceptionHandler((e, args) -> misused(e))
                .setExecutionExceptionHandler((e, commandLine, parsed) -> failed(e, commandLine))
                .execute(arguments);
        printer.flush();
        Optional<IOException> failure = results.failure();
        failure.ifPresent(e -> err.println("Standard output cannot be written: " + FileWords.reason(e) + "."));
        err.flush();
        return failure.isPresent() ? ExitCode.OUTPUT : code;
    }

    private static int execute(ProxyRun run, PrintWriter err) {
        try {
            return run.call();
        } catch (InterruptedException e) {
            return internalError(e, err);
        }
    }

    /**
     * The command that the first argument names, otherwise all: to create unused commands takes a tenth of the time to
     * the first listener.
     */
    private static List<Class<?>> commands(String... arguments) {
        return COMMANDS.stream()
                .filter(command -> arguments.length > 0
                        && command.getAnnotation(Command.class).name().equals(arguments[0]))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    /** The command line as a whole, to describe it. */
    static CommandLine withAllCommands() {
        return of(Map.of(), ProxyServer::start, Surroundings::ofThisMachine);
    }

    static CommandLine of(Map<String, String> environment, ServerStart start, Supplier<Surroundings> surroundings) {
        CommandLine root = new CommandLine(new KonnectProxyCommand(environment, start, surroundings));
        COMMANDS.forEach(root::addSubcommand);
        return root;
    }

    Map<String, String> environment() {
        return environment;
    }

    ServerStart start() {
        return start;
    }

    Surroundings surroundings() {
        return surroundings.get();
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    private static int misused(ParameterException e) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(Misuse.sentence(e));
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command) {
        if (e instanceof ConfigurationException configuration) {
            configuration.problems().forEach(command.getErr()::println);
            return ExitCode.CONFIGURATION;
        }
        return internalError(e, command.getErr());
    }

    private static int internalError(Exception e, PrintWriter err) {
        err.println("Internal error, please report it: " + e);
        return ExitCode.FAILED;
    }
}
