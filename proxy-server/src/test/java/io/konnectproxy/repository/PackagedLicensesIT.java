package io.konnectproxy.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jar that is shipped carries the licences and notices of all that is in it. */
class PackagedLicensesIT {
    private static final Path ROOT = Path.of("..");
    private static final Path JAR = Path.of("target", "konnect-proxy.jar");
    private static final String LICENSES = "META-INF/licenses/";
    private static final String APACHE = "Apache License\n                           Version 2.0, January 2004\n";

    private static JarFile jar;

    /** One line of the dependency tree. */
    record Library(String group, String artifact, String version) {
        /** Where Maven keeps it, which is on this test's class path. */
        Path file() {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .filter(entry -> entry.endsWith(File.separator + artifact + "-" + version + ".jar"))
                    .map(Path::of)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public String toString() {
            return group + ":" + artifact;
        }
    }

    @BeforeAll
    static void open() throws IOException {
        jar = new JarFile(JAR.toFile());
    }

    @AfterAll
    static void close() throws IOException {
        jar.close();
    }

    static Stream<Library> libraries() throws IOException {
        try (JarFile packaged = new JarFile(JAR.toFile())) {
            return Pattern.compile("(?m)^ +([\\w.-]+):([\\w.-]+):jar:([\\w.-]+):(compile|runtime)$")
                    .matcher(text(packaged, LICENSES + "LIBRARIES.txt"))
                    .results()
                    .map(line -> new Library(line.group(1), line.group(2), line.group(3)))
                    .filter(library -> !library.group().equals("io.konnectproxy"));
        }
    }

    /** Rows of the list: a library or a whole group, its licence, and where that is. */
    private static List<List<String>> rows() throws IOException {
        return new MarkdownPage(text(jar, LICENSES + "THIRD-PARTY.md"))
                .rows().stream().skip(2).toList();
    }

    private static boolean covers(List<String> row, Library library) {
        String name = row.get(0).replace("`", "");
        return name.equals(library.toString()) || name.equals(library.group() + ":*");
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void has_a_licence_of(Library library) throws IOException {
        List<List<String>> covering =
                rows().stream().filter(row -> covers(row, library)).toList();
        assertThat(covering).hasSize(1);
        String path = covering.get(0).get(2).replace("`", "");
        String licence = text(jar, path.startsWith("META-INF/") ? path : LICENSES + path);
        String name = covering.get(0).get(1);
        assertThat(licence)
                .contains(
                        switch (name) {
                            case "Apache-2.0" -> APACHE;
                            case "EPL-2.0" -> "# Eclipse Public License - v 2.0\n";
                            case "MIT", "MIT-0" -> "Permission is hereby granted, free";
                            default -> throw new AssertionError("a licence that nobody has looked at: " + name);
                        });
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void has_what_is_brought_by(Library library) throws IOException {
        try (JarFile own = new JarFile(library.file().toFile())) {
            for (JarEntry entry : own.stream()
                    .filter(file -> file.getName().matches("(?i)(META-INF/)?[\\w.-]*(LICENSE|NOTICE)[\\w.-]*"))
                    .toList()) {
                String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                assertThat(bytes(jar, LICENSES + library.artifact() + "-jar/" + name))
                        .as(entry.getName())
                        .isEqualTo(bytes(own, entry.getName()));
            }
        }
    }

    @Test
    void every_row_is_about_a_library_that_is_in_it() throws IOException {
        List<Library> libraries = libraries().toList();
        assertThat(libraries).hasSizeGreaterThan(20);
        assertThat(rows()).allMatch(row -> libraries.stream().anyMatch(library -> covers(row, library)));
    }

    @Test
    void no_class_in_it_is_of_anything_else() throws IOException {
        Set<String> listed = new HashSet<>();
        for (Library library : libraries().toList()) {
            try (JarFile own = new JarFile(library.file().toFile())) {
                own.stream().map(JarEntry::getName).forEach(listed::add);
            }
        }
        List<String> others = jar.stream()
                .map(JarEntry::getName)
                .filter(name -> name.endsWith(".class") && !name.startsWith("io/konnectproxy/"))
                .filter(name -> !listed.contains(name))
                .toList();
        assertThat(others).isEmpty();
    }

    @Test
    void its_own_licence_and_notice_are_those_of_the_repository() throws Exception {
        for (String name : List.of("LICENSE", "NOTICE")) {
            assertThat(bytes(jar, "META-INF/" + name)).as(name).isEqualTo(Files.readAllBytes(ROOT.resolve(name)));
        }
        // LICENSE-2.0.txt as the Apache Software Foundation publishes it.
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(ROOT.resolve("LICENSE")));
        assertThat(HexFormat.of().formatHex(sum))
                .isEqualTo("cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30");
    }

    /** Those under the Apache License are in the jar once, as the proxy's own. */
    @Test
    void what_nettys_notice_says_of_code_in_it_has_its_text() throws IOException {
        List<String> missing = new ArrayList<>();
        Pattern part = Pattern.compile("(?s)This product contains (.*?)(?=\nThis product|\\z)");
        for (MatchResult contained :
                part.matcher(text(jar, LICENSES + "netty/NOTICE.txt")).results().toList()) {
            Pattern.compile("license/(LICENSE|NOTICE)\\.([\\w-]+)\\.txt(?! \\((Apache License 2.0|ASL2 License)\\))")
                    .matcher(contained.group())
                    .results()
                    .filter(file -> jar.getEntry(LICENSES + "netty/" + file.group()) == null)
                    .forEach(file -> missing.add(file.group(2)));
        }
        // HPACK is in Netty's codec for HTTP/2 and dnsinfo in its library for macOS; neither is in this jar.
        assertThat(missing).containsExactlyInAnyOrder("hyper-hpack", "nghttp2-hpack", "dnsinfo");
        assertThat(jar.stream().map(JarEntry::getName))
                .noneMatch(name ->
                        name.startsWith("io/netty/handler/codec/http2/") || name.contains("resolver/dns/macos"));
    }

    private static String text(JarFile file, String name) throws IOException {
        return new String(bytes(file, name), UTF_8);
    }

    private static byte[] bytes(JarFile file, String name) throws IOException {
        assertThat(file.getEntry(name)).as(name).isNotNull();
        try (InputStream in = file.getInputStream(file.getEntry(name))) {
            return in.readAllBytes();
        }
    }
}
