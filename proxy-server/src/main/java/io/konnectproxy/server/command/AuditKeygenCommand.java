package io.konnectproxy.server.command;

import io.konnectproxy.server.tls.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code audit keygen}: makes the pair of keys that signs and verifies checkpoints. */
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
            Optional<char[]> password = password();
            requireNone(publicFile);
            SigningKey key = SigningKey.generate();
            write(file, key.pem(password), "rw-------");
            write(publicFile, key.verificationKey().pem(), "rw-r--r--");
            tell(key, publicFile);
            return ExitCode.OK;
        } catch (FileAlreadyExistsException e) {
            return failed(e.getFile() + " is there already and is not overwritten; choose another name with --out.");
        } catch (NoSuchFileException e) {
            return failed("There is no directory for " + e.getFile() + "; create it first.");
        } catch (IOException e) {
            return failed("The key cannot be written: " + e.getMessage() + ".");
        } catch (UnusablePassword e) {
            return failed(e.getMessage());
        }
    }

    private static final class UnusablePassword extends Exception {
        private static final long serialVersionUID = 1;

        UnusablePassword(String sentence) {
            super(sentence);
        }
    }

    private Optional<char[]> password() throws UnusablePassword {
        if (passwordFile.isEmpty()) {
            return Optional.empty();
        }
        Path from = passwordFile.get();
        try {
            // The line end is the editor's, anything else the password's.
            String text = Files.readString(from).replaceFirst("\\R\\z", "");
            if (text.isEmpty() || text.lines().count() > 1) {
                throw new UnusablePassword("The password file " + from + " must hold one line, the password.");
            }
            return Optional.of(text.toCharArray());
        } catch (IOException e) {
            throw new UnusablePassword("The password file " + from
                    + " cannot be read; see that it is there, is text and may" + " be read.");
        }
    }

    private static void requireNone(Path publicFile) throws FileAlreadyExistsException {
        if (Files.exists(publicFile)) {
            throw new FileAlreadyExistsException(publicFile.toString());
        }
    }

    /** The mode is there from the first moment on, and stays what it is under any umask that allows it. */
    private static void write(Path to, String text, String mode) throws IOException {
        FileAttribute<?>[] attributes = to.getFileSystem()
                        .supportedFileAttributeViews()
                        .contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
        try (FileChannel channel =
                FileChannel.open(to, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
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
                + passwordFile.map(from -> ", password-file: " + from).orElse("") + " }");
    }

    private int failed(String sentence) {
        spec.commandLine().getErr().println(sentence);
        return ExitCode.FAILED;
    }
}
