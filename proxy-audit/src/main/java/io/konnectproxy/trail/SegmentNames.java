package io.konnectproxy.trail;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that the proxy gives to files of a trail. A name says nothing of what is in a file, but that lines of a trail should be in it.
 */
final class SegmentNames {
    /** {@code konnect-proxy-20261122-000000000123.jsonl.gz}, also with the number of a second file that begins with the same line. */
    private static final Pattern FINISHED = Pattern.compile(".*-[0-9]{8}-([0-9]{12,18})(?:-[0-9]+)?(?:\\.[^-/]*)?");

    /** The usual name of a current file, also as it is renamed by logrotate, and compressed. */
    private static final Pattern CURRENT = Pattern.compile("konnect-proxy\\.jsonl(?:\\.[0-9]+)?(?:\\.gz)?");

    private SegmentNames() {}

    /** The number of the first line that the name of a finished file has. */
    static OptionalLong number(String name) {
        Matcher own = FINISHED.matcher(name);
        return own.matches() ? OptionalLong.of(Long.parseLong(own.group(1))) : OptionalLong.empty();
    }

    /** Whether it is the name of a file of a trail, here or in a copy of an archive. */
    static boolean isOne(Path file) {
        return isFinished(file) || CURRENT.matcher(fileName(file)).matches();
    }

    /** Whether a file of a trail may have that name, where {@code audit.file} has another than the usual one. */
    static boolean mayBeOne(Path file) {
        return isOne(file) || fileName(file).contains(".jsonl");
    }

    /** Whether it is the name of a file that has all its lines: the current one may have none yet. */
    static boolean isFinished(Path file) {
        return number(fileName(file)).isPresent()
                || (CURRENT.matcher(fileName(file)).matches() && CompressedName.isCompressed(file))
                || Optional.of(file.toAbsolutePath().normalize().toString())
                        .flatMap(ArchivePath::parse)
                        .filter(key -> key.kind().isFile())
                        .isPresent();
    }

    private static String fileName(Path file) {
        return String.valueOf(file.getFileName());
    }
}
