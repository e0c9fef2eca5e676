package io.konnectproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The JRE of the image has the modules that the jar's classes name, and no others. */
class ImageModulesIT {
    /** Classes that nothing here loads, by the module that only they name. */
    private static final Set<String> UNUSED = Set.of(
            // An event when a circuit breaker opens: java.beans. LittleProxy uses other classes of this library.
            "org.apache.commons.lang3.concurrent.AbstractCircuitBreaker -> java.desktop",
            // Kerberos before a proxy, which the client is not made with.
            "org.apache.hc.client5.http.auth.KerberosCredentials -> java.security.jgss",
            "org.apache.hc.client5.http.impl.auth.GGSSchemeBase -> java.security.jgss",
            "org.apache.hc.client5.http.impl.auth.KerberosScheme -> java.security.jgss",
            "org.apache.hc.client5.http.impl.auth.SPNegoScheme -> java.security.jgss",
            // Certificates from LDAP: java.sql.Date.
            "org.bouncycastle.x509.util.LDAPStoreHelper -> java.sql");

    /** What the tool of that name prints: a line for each class that a class names, and one for each module. */
    private static String jdeps;
    /** With the one that every other requires. */
    private static Set<String> listed;

    @BeforeAll
    static void read() throws IOException {
        Matcher modules =
                Pattern.compile("(?m)^ARG MODULES=(\\S+)$").matcher(Files.readString(Path.of("../Dockerfile")));
        assertThat(modules.find()).isTrue();
        listed = new TreeSet<>(Arrays.asList(modules.group(1).split(",", -1)));
        listed.add("java.base");

        StringWriter out = new StringWriter();
        int code = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "--multi-release",
                        Integer.toString(Runtime.version().feature()),
                        "--ignore-missing-deps",
                        "-verbose:class",
                        "-filter:none",
                        "target/konnect-proxy.jar");
        jdeps = out.toString();
        assertThat(code).as(jdeps).isZero();
    }

    @Test
    void what_it_lacks_is_named_by_unused_classes_only() {
        Set<String> lacking = Pattern.compile("(?m)^   (\\S+) +-> \\S+ +(java\\.\\S+|jdk\\.\\S+)$")
                .matcher(jdeps)
                .results()
                .filter(line -> !listed.contains(line.group(2)))
                .map(line -> line.group(1) + " -> " + line.group(2))
                .collect(Collectors.toSet());
        assertThat(lacking).isEqualTo(UNUSED);
    }

    @Test
    void each_of_them_is_named_by_the_jar() {
        Set<String> named = Pattern.compile("(?m)^konnect-proxy\\.jar -> (java\\.\\S+|jdk\\.\\S+)$")
                .matcher(jdeps)
                .results()
                .map(line -> line.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        UNUSED.forEach(unused -> named.remove(unused.replaceAll(".* ", "")));
        assertThat(listed).isEqualTo(named);
    }
}
