package io.konnectproxy.server.command;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PasswordFile;
import io.konnectproxy.server.credentials.UserName;
import io.konnectproxy.server.credentials.UsersFile;
import io.konnectproxy.server.credentials.UsersFileEditor;
import io.konnectproxy.server.credentials.UsersFileEditor.UserEdit;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code user}: edits the users for Basic credentials. A password is never an argument, because arguments are visible
 * in the shell's history and in the list of processes.
 */
@Command(
        name = "user",
        description =
                "Adds a user to an htpasswd file, gives one another password, or removes one. Asks for the password"
                        + " unless told where it comes from.")
final class UserCommand implements Callable<Integer> {
    private static final int MIN_COST = 10;
    private static final int MAX_COST = 14;

    private final PasswordPrompt prompt;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", description = "The user.")
    private String name = "";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            defaultValue = "users.htpasswd",
            description = "Where the users stand. Default: ${DEFAULT-VALUE}")
    private Path file = Path.of("");

    @Option(
            names = "--cost",
            paramLabel = "N",
            defaultValue = "10",
            description = "How much work a guess is, 10 to 14; each step doubles it. Default: ${DEFAULT-VALUE}")
    private int cost = MIN_COST;

    @ArgGroup
    private @Nullable Instead instead;

    /** The alternatives to a password from the prompt. */
    private static final class Instead {
        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                required = true,
                description = "Holds the password, on one line.")
        private @Nullable Path passwordFile;

        @Option(
                names = "--generate",
                required = true,
                description = "Makes a password that needs no percent-encoding, and prints it this once.")
        private boolean generate;

        @Option(names = "--remove", required = true, description = "Removes the user.")
        private boolean remove;
    }

    UserCommand() {
        this(PasswordPrompt.ofTheTerminal());
    }

    UserCommand(PasswordPrompt prompt) {
        this.prompt = prompt;
    }

    @Override
    public Integer call() {
        requireGoodUsage();
        if (Files.isDirectory(file)) {
            return failed(file + " is a directory; a file is needed.");
        }
        try {
            UsersFileEditor users = new UsersFileEditor(file);
            return instead != null && instead.remove ? remove(users) : set(users);
        } catch (NewPassword.Unfit | KeyFileException e) {
            return failed(e.getMessage());
        } catch (UnseenException e) {
            failed("The password could not be shown, so " + file + " is as it was.");
            return ExitCode.OUTPUT;
        } catch (NoSuchFileException e) {
            return failed("There is no directory for " + file + "; create it first.");
        } catch (FileSystemException e) {
            return failed(file + " cannot be changed: "
                    + (e.getReason() == null ? e.getFile() + ", no permission" : e.getFile() + ", " + e.getReason())
                    + ".");
        } catch (IOException e) {
            return failed(file + " cannot be changed: " + e.getMessage() + ".");
        }
    }

    private void requireGoodUsage() {
        UserName.problem(name).ifPresent(problem -> {
            throw new ParameterException(spec.commandLine(), "The name " + problem + "; choose another.");
        });
        if (cost < MIN_COST || cost > MAX_COST) {
            throw new ParameterException(spec.commandLine(), "--cost must be " + MIN_COST + " to " + MAX_COST + ".");
        }
    }

    private int remove(UsersFileEditor users) throws IOException {
        if (users.remove(name) == UserEdit.ABSENT) {
            return failed("There is no user " + name + " in " + file + ".");
        }
        Optional<String> problem = problem();
        if (problem.isPresent()) {
            return failed(
                    "Removed " + name + " from " + file + ", but a running proxy lets " + name + " in all the same, for"
                            + " it does not take this file and keeps the users it has: " + problem.get());
        }
        out().println("Removed " + name + " from " + file + "; connections that are open stay open.");
        warnOfCheapHashes();
        return ExitCode.OK;
    }

    private int set(UsersFileEditor users) throws IOException, NewPassword.Unfit, KeyFileException {
        boolean isNew = !Files.exists(file);
        NewPassword password = password();
        UserEdit outcome = users.set(name, password.bytes(), cost, () -> show(password));
        out().println((outcome == UserEdit.ADDED
                        ? "Added " + name + " to "
                        : "Changed the password of " + name + " in ")
                + file + "; a running proxy notices within seconds.");
        if (isNew) {
            out().println(
                            "The file is new and only you can read it: let the user read it that the proxy runs as, in the"
                                    + " container 10001. Its owner and mode then stay what you make them.");
        }
        tellKong(password);
        warnOfEncodings(password);
        out().println();
        out().println("In the configuration:");
        out().println("listen:");
        out().println("  - address: 0.0.0.0:3128");
        out().println("    credentials: " + file);
        warnOfTheRest();
        return ExitCode.OK;
    }

    /** Nobody must have a password that nobody has seen. */
    private void show(NewPassword password) throws UnseenException {
        if (password.generatedText().isPresent()) {
            out().println("Password, shown this once: "
                    + password.generatedText().get());
            if (out().checkError()) {
                throw new UnseenException();
            }
        }
    }

    /** A generated password could not be printed. */
    private static final class UnseenException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private NewPassword password() throws NewPassword.Unfit, KeyFileException {
        if (instead != null && instead.generate) {
            return NewPassword.generated();
        }
        return instead == null || instead.passwordFile == null
                ? NewPassword.asked(prompt)
                : NewPassword.of(PasswordFile.read(instead.passwordFile));
    }

    private void tellKong(NewPassword password) {
        out().println();
        out().println("In Kong's settings, the password in place of PASSWORD:");
        out().println("proxy_server = http://" + NewPassword.percentEncoded(name) + ":PASSWORD@HOST:3128");
        if (password.generatedText().isEmpty()) {
            out().println(
                            "In that URL, write all but letters, digits and -._~ percent-encoded: # as %23, % as %25, / as %2F,"
                                    + " : as %3A, ? as %3F, @ as %40.");
        }
    }

    /** The client chooses the encoding of credentials (RFC 7617, section 2), but the hash is of the UTF-8 form. */
    private void warnOfEncodings(NewPassword password) {
        boolean ascii = name.chars().allMatch(c -> c < 0x80);
        if (!ascii || !password.isAscii()) {
            spec.commandLine()
                    .getErr()
                    .println("warning: the "
                            + (ascii ? "password" : password.isAscii() ? "name" : "name and the password")
                            + (ascii || password.isAscii() ? " has" : " have")
                            + " characters beyond ASCII, which some clients send as Latin-1 and not as UTF-8; those are"
                            + " refused. Choose ASCII characters to be sure.");
        }
    }

    /** Why the proxy would not accept the file: it has other invalid lines, or no users. */
    private Optional<String> problem() {
        try {
            var unused = UsersFile.read(file.toString());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(file + " " + e.getMessage() + ".");
        }
    }

    private void warnOfTheRest() {
        Optional<String> problem = problem();
        if (problem.isPresent()) {
            spec.commandLine().getErr().println("The proxy does not take this file yet: " + problem.get());
        } else {
            warnOfCheapHashes();
        }
    }

    private void warnOfCheapHashes() {
        List<String> cheap = UsersFile.read(file.toString()).cheaplyHashed();
        if (!cheap.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("Hashed at a cost below " + MIN_COST + ", better set anew: " + String.join(", ", cheap));
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private int failed(@Nullable String sentence) {
        spec.commandLine().getErr().println(sentence);
        return ExitCode.FAILED;
    }
}
