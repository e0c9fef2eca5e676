package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.konnectproxy.server.command.RunBeforeStandIn;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * An archive of the program's loaded classes, made by a run of the demo, for processes in which nothing is measured: most of the
 * time that a JVM takes to start goes into loading classes. The JDK archives classes of jars only, so that directories of the
 * class path are made one. All test processes share it, one after the other too, until the class path has other contents.
 */
final class QuickStart {
    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xlog:disable");
    private static final int REHEARSALS = 2;
    private static final List<String> OPTIONS = make();

    private QuickStart() {}

    /** Options of the JVM, the class path among them. */
    static List<String> options() {
        return OPTIONS;
    }

    private static List<String> make() {
        try {
            Path all = Files.createDirectories(Path.of("target", "quick-start").toAbsolutePath());
            Path directory = all.resolve(contents());
            Path jar = directory.resolve("classes.jar");
            Path archive = directory.resolve("classes.jsa");
            List<String> classPath = List.of("-cp", classPath(jar));
            Path made = directory.resolve("made");
            try (FileChannel file =
                            FileChannel.open(all.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = file.lock()) {
                if (held.isValid() && Files.notExists(made)) {
                    deleteOld(all);
                    Files.createDirectories(directory);
                    pack(jar);
                    boolean well = false;
                    for (int i = 0; i < REHEARSALS && !well; i++) {
                        well = rehearse(classPath, archive);
                    }
                    if (!well) {
                        Files.deleteIfExists(archive);
                    }
                    Files.createFile(made);
                }
            }
            List<String> options = new ArrayList<>(FLAGS);
            if (Files.exists(archive)) {
                options.add("-XX:SharedArchiveFile=" + archive);
            }
            options.addAll(classPath);
            return List.copyOf(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where a JDK makes no archive, processes start without one.
     *
     * @return whether the demo ended well, for which it needs a machine that is not all too busy
     */
    private static boolean rehearse(List<String> classPath, Path archive) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add("-XX:ArchiveClassesAtExit=" + archive);
        command.addAll(classPath);
        command.addAll(List.of(RunBeforeStandIn.class.getName(), "1", "demo"));
        Process demo = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            demo.getInputStream().transferTo(OutputStream.nullOutputStream());
            return demo.waitFor(20, TimeUnit.SECONDS) && demo.exitValue() == 0;
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            demo.destroyForcibly();
        }
    }

    /** A name for what the class path has: paths, sizes and times of its files. */
    private static String contents() throws IOException {
        MessageDigest digest = newDigest();
        digest.update(Runtime.version().toString().getBytes(UTF_8));
        for (String entry : entries()) {
            try (Stream<Path> files = Files.walk(Path.of(entry))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update((file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file) + "\n")
                            .getBytes(UTF_8));
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String[] entries() {
        return System.getProperty("java.class.path").split(File.pathSeparator, -1);
    }

    /** The jar in place of all directories. */
    private static String classPath(Path jar) {
        return Stream.concat(
                        Stream.of(jar.toString()),
                        Stream.of(entries()).filter(entry -> !Files.isDirectory(Path.of(entry))))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void pack(Path jar) throws IOException {
        Set<String> names = new HashSet<>();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.setLevel(Deflater.NO_COMPRESSION);
            for (String entry : entries()) {
                if (Files.isDirectory(Path.of(entry))) {
                    addAll(Path.of(entry), names, out);
                }
            }
        }
    }

    private static void addAll(Path root, Set<String> names, JarOutputStream out) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString().replace(File.separatorChar, '/');
                if (names.add(name)) {
                    out.putNextEntry(new JarEntry(name));
                    Files.copy(file, out);
                    out.closeEntry();
                }
            }
        }
    }

    /** Not what another class path has made lately: somebody may be using it. */
    private static void deleteOld(Path all) throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        for (Path directory : list(all)) {
            if (Files.isDirectory(directory)
                    && Files.getLastModifiedTime(directory).compareTo(old) < 0) {
                for (Path file : list(directory)) {
                    Files.delete(file);
                }
                Files.delete(directory);
            }
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
