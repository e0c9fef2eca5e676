package io.konnectproxy.server.command;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PasswordFile;
import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.server.file.SafeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code audit keygen}: makes the key pair that signs and verifies checkpoints. */
@Command(
        name = "keygen",
        description =
                "Makes an Ed25519 pair: the private key signs checkpoints of the trail, the public one verifies them.")
final class AuditKeygenCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "audit.pem",
            description = "Where the private key goes; the public one goes to FILE.pub. Default: ${DEFAULT-VALUE}")
    private Path file = Path.of("");

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Holds the password that encrypts the private key, on one line.")
    private Optional<Path> passwordFile = Optional.empty();

    @Override
    public Integer call() {
        Path publicFile = file.resolveSibling(file.getFileName() + ".pub");
        try {
            Optional<char[]> password =
                    passwordFile.isPresent() ? Optional.of(PasswordFile.read(passwordFile.get())) : Optional.empty();
            requireNone(publicFile);
            SigningKey key = SigningKey.generate();
            SafeFile.create(file, key.pem(password), SafeFile.Readers.OWNER);
            SafeFile.create(publicFile, key.verificationKey().pem(), SafeFile.Readers.ALL);
            tell(key, publicFile);
            return ExitCode.OK;
        } catch (FileAlreadyExistsException e) {
            return ended(
                    ExitCode.FAILED,
                    e.getFile() + " is there already and is not overwritten; choose another name with --out.");
        } catch (IOException e) {
            return ended(ExitCode.OUTPUT, SafeFile.sentence(e, "The key"));
        } catch (KeyFileException e) {
            return ended(ExitCode.FAILED, e.getMessage());
        }
    }

    private static void requireNone(Path publicFile) throws FileAlreadyExistsException {
        if (Files.exists(publicFile)) {
            throw new FileAlreadyExistsException(publicFile.toString());
        }
    }

    private void tell(SigningKey key, Path publicFile) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Private key:  " + file + (passwordFile.isPresent() ? " (encrypted)" : "")
                + "; keep it where only the" + " proxy can read it.");
        out.println("Public key:   " + publicFile + "; give it to those who verify, and keep a copy elsewhere.");
        out.println("Fingerprint:  " + key.verificationKey().fingerprint());
        out.println();
        out.println("In the configuration:");
        out.println("audit:");
        out.println("  sign: { key: " + file
                + passwordFile.map(from -> ", key-password-file: " + from).orElse("") + " }");
    }

    private int ended(int code, String sentence) {
        spec.commandLine().getErr().println(sentence);
        return code;
    }
}
