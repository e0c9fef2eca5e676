package io.konnectproxy.server.config;

import io.konnectproxy.journal.AuditSettings.Signing;
import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PasswordFile;
import io.konnectproxy.keys.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which files of {@code audit.sign} are opened while the configuration is read, so that their problems are reported with the
 * others. Neither the key nor its password is kept.
 */
public enum SigningFiles {
    /** None: whoever only reads the configuration may have neither the right to read the key nor its password. */
    UNREAD,
    /** Those that can be read twice: the journal reads them again, and a pipe would be empty by then. */
    READ_AGAIN,
    /** All, for nobody reads them after that. */
    READ_ONCE;

    /** A reader of the name of the key. */
    Function<String, String> key() {
        return this == UNREAD ? Values::path : NamedFile::readable;
    }

    /** A reader of the name of the password's file. A password that stands there by mistake is not shown. */
    Function<String, String> password() {
        return this == UNREAD ? Values::path : NamedFile.password();
    }

    /** Opens the files with the code that uses them at run time, and reports what is wrong with them. */
    void requireUsable(ConfigurationSection sign, Signing signing) {
        if (!isRead(signing.key())
                || !signing.keyPasswordFile().map(this::isRead).orElse(true)) {
            return;
        }
        Optional<char[]> password =
                signing.keyPassword().map(secret -> secret.value().toCharArray());
        String key = "key-password-file";
        try {
            if (signing.keyPasswordFile().isPresent()) {
                password = Optional.of(
                        PasswordFile.read(Path.of(signing.keyPasswordFile().get())));
            }
            key = "key";
            var unused = SigningKey.read(Path.of(signing.key()), password);
        } catch (KeyFileException e) {
            sign.problem(key, ListenerFiles.withoutStop(String.valueOf(e.getMessage())));
        } finally {
            password.ifPresent(letters -> Arrays.fill(letters, '\0'));
        }
    }

    private boolean isRead(String file) {
        return this == READ_ONCE || (this == READ_AGAIN && Files.isRegularFile(Path.of(file)));
    }
}
