package io.konnectproxy.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks a file that the configuration names and other code reads or writes. */
final class NamedFile {
    private static final String DIRECTORY = "is a directory; a file is needed";

    /** A directory and what is in it. */
    private static final Pattern PATH = Pattern.compile("(/?[A-Za-z0-9._-]+)/[A-Za-z0-9._/-]+");

    private NamedFile() {}

    /** The name of a file that may be written, or made. */
    static String written(String text) {
        if (Files.isDirectory(Path.of(Values.path(text)))) {
            throw new IllegalArgumentException(DIRECTORY);
        }
        return text;
    }

    /** A users file that exists and is readable. A user and a password that stand there by mistake are not shown. */
    static Function<String, String> users() {
        return RedactedException.hidingUnless(NamedFile::isNoLogin, "the file", NamedFile::readable);
    }

    /** Whether this is no {@code user:password}, and no URL with one. */
    static boolean isNoLogin(String text) {
        return text.indexOf(':') < 0 && text.indexOf('@') < 0;
    }

    /** A file with a password that exists and is readable. A password that stands there by mistake is not shown. */
    static Function<String, String> password() {
        return RedactedException.hidingUnless(NamedFile::isPath, "the file", NamedFile::readable);
    }

    /** Whether it begins with a directory that there is, which no password does. */
    private static boolean isPath(String text) {
        Matcher path = PATH.matcher(text);
        return path.matches() && Files.isDirectory(Path.of(path.group(1)));
    }

    /** The name of a file that exists and is readable. */
    static String readable(String text) {
        Path file = Path.of(Values.path(text));
        if (!Files.exists(file)) {
            throw new IllegalArgumentException("does not exist"
                    + (file.isAbsolute() ? "" : " in " + Path.of("").toAbsolutePath()));
        }
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(DIRECTORY);
        }
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("cannot be read; check its permissions");
        }
        return text;
    }
}
