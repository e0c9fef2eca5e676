package io.konnectproxy.repository;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.trail.event.TrailEvent;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house, each with its reason. */
class ArchitectureTest {
    private static final String CORE = "io.konnectproxy.";

    /** The packages of proxy-audit. */
    private static final String[] AUDIT = {
        "io.konnectproxy.archive..",
        "io.konnectproxy.export..",
        "io.konnectproxy.journal..",
        "io.konnectproxy.keys..",
        "io.konnectproxy.log..",
        "io.konnectproxy.mirror..",
        "io.konnectproxy.parquet..",
        "io.konnectproxy.report..",
        "io.konnectproxy.siem..",
        "io.konnectproxy.suggest..",
        "io.konnectproxy.text..",
        "io.konnectproxy.trail.."
    };

    private static @Nullable JavaClasses house;

    /** ArchUnit, which says at its first import what Java it runs on. */
    @RegisterExtension
    private final LogCapture archUnit = LogCapture.of("com.tngtech.archunit").expecting();

    /** Once, and not before the first test: until then nobody listens to ArchUnit. */
    @BeforeEach
    void read() {
        if (house == null) {
            house = new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    // The core's tests are classes in a directory, or a jar, depending on how far the build goes.
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("io.konnectproxy");
        }
    }

    static Stream<ArchRule> rules() {
        return Stream.of(
                slices().matching("io.konnectproxy.(**)")
                        .should()
                        .beFreeOfCycles()
                        .because("a package that needs another one back is not a package"),
                mayUse("target"),
                mayUse("wire", "target", "address"),
                mayUse("konnect", "target"),
                mayUse("address"),
                mayUse("policy", "target", "konnect", "address"),
                mayUse("audit", "target", "policy", "address"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.konnectproxy.server.upstream.littleproxy..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("org.littleshoot..")
                        .because("LittleProxy is lenient and is fenced in one place"),
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                "io.konnectproxy.keys..",
                                "io.konnectproxy.server.tls..",
                                "io.konnectproxy.server.credentials..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("org.bouncycastle..")
                        .because("keys are read in one place, certificates in one, and passwords hashed in one"),
                noClasses()
                        .that()
                        .resideInAnyPackage(AUDIT)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.konnectproxy.server..", "io.netty..", "picocli..")
                        .because(
                                "the trail is written, proved and read without knowing who listens or what was configured"),
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "io.konnectproxy.trail..",
                                "io.konnectproxy.report..",
                                "io.konnectproxy.suggest..",
                                "io.konnectproxy.siem..",
                                "io.konnectproxy.export..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.konnectproxy.journal..", "io.konnectproxy.mirror..")
                        .because("whoever reads a trail needs nothing of those who wrote it"),
                noClasses()
                        .that()
                        .resideInAPackage("io.konnectproxy.report")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.konnectproxy.report.render..")
                        .because("the figures of a report are the same however they are shown"),
                noClasses()
                        .that()
                        .resideInAPackage("io.konnectproxy.report.render..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.konnectproxy.trail")
                        .because("a report is shown from its figures, and its trail is not read again"),
                noClasses()
                        .that()
                        .resideInAPackage("io.konnectproxy.report..")
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching("java\\.nio\\.file\\.Files|java\\.io\\.File.*|java\\.lang\\.System")
                        .because("the command opens what a report is written to"),
                noClasses()
                        .that()
                        .resideOutsideOfPackages("io.konnectproxy.keys..", "io.konnectproxy.server.tls..")
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching("io\\.konnectproxy\\.keys\\.(FileContent|PemFile|KeyEncryption|KeyStores)")
                        .because("these are public for the certificates of listeners only"),
                noClasses()
                        .that()
                        .resideInAPackage("io.konnectproxy.server.credentials..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.netty..", "io.konnectproxy.server.tls..", "io.konnectproxy.server.config..")
                        .because("a password is verified without knowing who asks, over what, or what was configured"),
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                "io.konnectproxy.journal..",
                                "io.konnectproxy.trail..",
                                "io.konnectproxy.report.render..",
                                "io.konnectproxy.siem..",
                                "io.konnectproxy.server.command..",
                                "io.konnectproxy.server.live..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("tools.jackson..")
                        .because(
                                "the audit trail, the results of commands and the live page are JSON, and nobody else knows it"),
                classes()
                        .that()
                        .resideInAPackage("io.konnectproxy.parquet..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage("io.konnectproxy.parquet..", "java..", "org.jspecify..")
                        .because("a writer of a file format needs nothing but the JDK"),
                classes()
                        .that()
                        .resideInAPackage("io.konnectproxy.server.splice..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage("io.konnectproxy.server.splice..", "java..", "io.netty..", "org.jspecify..")
                        .because("a pipe moves bytes between sockets, whosever they are"),
                mustNotKnow(
                        "live",
                        "it shows what others tell it, and knows neither who watches nor over what",
                        "admin",
                        "metrics",
                        "listener",
                        "upstream",
                        "upstream.littleproxy",
                        "dns",
                        "config",
                        "credentials"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.konnectproxy.server.config..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("org.snakeyaml..")
                        .because("the configuration is YAML, and nothing else is"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.konnectproxy.server.metrics..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.prometheus..")
                        .because("what is counted elsewhere does not depend on who scrapes it"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.konnectproxy.mirror..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.opentelemetry..")
                        .because("OpenTelemetry carries copies of audit lines, and nothing else here"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.konnectproxy.archive.s3..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("software.amazon.awssdk..", "org.apache.hc..")
                        .because("a store is asked for objects, whoever speaks with it"),
                noClasses()
                        .that()
                        .resideInAPackage("io.konnectproxy.archive..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.konnectproxy.journal..", "io.konnectproxy.trail..")
                        .because("a store keeps objects, and knows neither who wrote them nor what is in them"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.konnectproxy.server.command..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("picocli..", "io.konnectproxy.server.command..")
                        .because("the command line starts everything and is needed by nothing"),
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "io.konnectproxy.server.listener..",
                                "io.konnectproxy.server.upstream..",
                                "io.konnectproxy.server.tunnel..",
                                "io.konnectproxy.server.dns..")
                        .should()
                        .callMethod(java.net.InetAddress.class, "getByName", String.class)
                        .orShould()
                        .callMethod(java.net.InetAddress.class, "getAllByName", String.class)
                        .because("the JDK's resolver blocks, and an event loop must not"),
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                "io.konnectproxy.text..",
                                // /proc, and what the demonstration has written itself.
                                "io.konnectproxy.mirror..",
                                "io.konnectproxy.server.demo..",
                                "io.konnectproxy.bench..")
                        .should()
                        .callMethodWhere(target(nameMatching("readString|readAllLines|lines|newBufferedReader"))
                                .and(target(owner(type(java.nio.file.Files.class)))))
                        .orShould()
                        .dependOnClassesThat()
                        .haveNameMatching("java\\.io\\.FileReader|java\\.util\\.Scanner|java\\.util\\.Properties")
                        .because("a text file is read in one way, whichever it is"),
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching("io\\.netty\\.resolver\\..*|javax\\.naming\\..*")
                        .because(
                                "Netty and the JDK read the system's resolvers when these classes are initialised, and break at"
                                        + " what they do not know"),
                mustNotKnow(
                        "upstream", "it serves whoever has a permit, whatever listener that came in at", "listener"),
                mustNotKnow(
                        "upstream.littleproxy",
                        "LittleProxy is handed addresses one by one, and knows of no other way",
                        "listener",
                        "upstream",
                        "dns",
                        "config"),
                mustNotKnow(
                        "tunnel",
                        "an open tunnel is the same whoever was let in and however the upstream was reached",
                        "listener",
                        "upstream",
                        "upstream.littleproxy",
                        "dns",
                        "credentials",
                        "tls"),
                mustNotKnow(
                        "capacity",
                        "what is counted does not depend on the phase that a connection is in",
                        "listener",
                        "upstream",
                        "upstream.littleproxy",
                        "tunnel"),
                mustNotKnow(
                        "dataplane",
                        "it is told of tunnels and refusals, whoever serves them and whatever is configured",
                        "listener",
                        "upstream",
                        "upstream.littleproxy",
                        "tunnel",
                        "capacity",
                        "dns",
                        "config"),
                constructors()
                        .that()
                        .areDeclaredIn(TunnelPermit.class)
                        .should()
                        .bePackagePrivate()
                        .because("a permit is the proof that the policy was asked"),
                constructors()
                        .that()
                        .areDeclaredIn(CheckedAddress.class)
                        .should()
                        .bePackagePrivate()
                        .because("a checked address is the proof that it was checked"),
                classes()
                        .that()
                        .areNotInterfaces()
                        .and()
                        .areNotAnonymousClasses()
                        .and()
                        .doNotHaveModifier(JavaModifier.ABSTRACT)
                        .and()
                        .areTopLevelClasses()
                        .should()
                        .haveModifier(JavaModifier.FINAL)
                        .orShould()
                        .beEnums()
                        .because("what is not made to be extended can't be"));
    }

    /** A border on the path of a tunnel. */
    private static ArchRule mustNotKnow(String name, String reason, String... others) {
        return noClasses()
                .that()
                .resideInAPackage("io.konnectproxy.server." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Stream.of(others)
                        .map(other -> "io.konnectproxy.server." + other)
                        .toArray(String[]::new))
                .because(reason);
    }

    /** A package of the core, and the only others of it that it may know. The JDK apart, there is nothing else. */
    private static ArchRule mayUse(String name, String... others) {
        String[] allowed = Stream.concat(
                        Stream.of(
                                "java.lang..",
                                "java.util..",
                                "java.net..",
                                "java.nio..",
                                "java.time..",
                                "org.jspecify.."),
                        Stream.concat(Stream.of(name), Stream.of(others)).map(other -> CORE + other))
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(CORE + name)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(allowed).or(JavaClass.Predicates.type(ByteArrayOutputStream.class)))
                .because("the core decides, and needs nothing else to decide");
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(ArchRule rule) {
        rule.check(house);
    }

    /** Names that stand for one thing each within a type, and are never seen beside each other. */
    private static final Set<String> NESTED_MORE_THAN_ONCE =
            Set.of("Account", "Declined", "Kind", "NeedMore", "Part", "Step", "Turn", "Unreadable", "Via");

    @Test
    void no_simple_name_twice() {
        Map<String, List<String>> names = house.stream()
                .filter(type ->
                        !type.isAnonymousClass() && !type.getSimpleName().equals("package-info"))
                // What is read of a line has the name of the record that wrote it: the same thing, on its two sides.
                .filter(type -> !type.getName().startsWith(TrailEvent.class.getName() + "$"))
                .collect(groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getName, toList())));
        names.keySet().removeAll(NESTED_MORE_THAN_ONCE);
        names.values().removeIf(types -> types.size() == 1);

        assertThat(names).as("a name means one thing").isEmpty();
    }

    @Test
    void reads_the_whole_house() {
        assertThat(List.of("io.konnectproxy.target", "io.konnectproxy.server.tunnel", "io.konnectproxy.server.command"))
                .allMatch(house::containPackage);
    }
}
