package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.konnectproxy.server.command.RunBeforeStandIn;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * An archive of the program's loaded classes, made once by a run of the demo, for processes in which nothing is measured: most of
 * the time that a JVM takes to start goes into loading classes. The JDK archives classes of jars only, so that directories of the
 * class path are made one.
 */
final class QuickStart {
    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xlog:disable");
    private static final List<String> OPTIONS = make();

    private QuickStart() {}

    /** Options of the JVM, the class path among them. */
    static List<String> options() {
        return OPTIONS;
    }

    private static List<String> make() {
        try {
            Path directory = Files.createTempDirectory("konnect-proxy-quick-start");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            List<String> classPath = List.of("-cp", jarsOnly(directory.resolve("classes.jar")));
            Path archive = directory.resolve("classes.jsa");
            List<String> options = new ArrayList<>(FLAGS);
            if (rehearse(classPath, archive)) {
                options.add("-XX:SharedArchiveFile=" + archive);
            }
            options.addAll(classPath);
            return List.copyOf(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a JDK makes no archive, processes start without one. */
    private static boolean rehearse(List<String> classPath, Path archive) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add("-XX:ArchiveClassesAtExit=" + archive);
        command.addAll(classPath);
        command.addAll(List.of(RunBeforeStandIn.class.getName(), "1", "demo"));
        Process demo = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(demo.getInputStream().readAllBytes(), UTF_8);
            if (!demo.waitFor(20, TimeUnit.SECONDS) || demo.exitValue() != 0) {
                throw new IOException("the demo did not end well: " + said);
            }
            return Files.exists(archive);
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            demo.destroyForcibly();
        }
    }

    private static String jarsOnly(Path jar) throws IOException {
        List<String> jars = new ArrayList<>(List.of(jar.toString()));
        Set<String> names = new HashSet<>();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                if (Files.isDirectory(Path.of(entry))) {
                    addAll(Path.of(entry), names, out);
                } else {
                    jars.add(entry);
                }
            }
        }
        return String.join(File.pathSeparator, jars);
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

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
