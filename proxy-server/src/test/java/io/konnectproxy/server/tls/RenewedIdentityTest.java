package io.konnectproxy.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a listener's identity while its files change. */
class RenewedIdentityTest {
    private static final Duration MONTH = Duration.ofDays(30);

    private static PrivateCa ca;

    @RegisterExtension
    private final LogCapture log = LogCapture.of("tls");

    @TempDir
    private Path directory = Path.of("");

    private Instant now = Instant.now();

    @BeforeAll
    static void make() throws Exception {
        ca = PrivateCa.create(Instant.now(), Duration.ofDays(400));
    }

    @BeforeEach
    void writeAuthority() throws IOException {
        Files.writeString(directory.resolve("ca.crt"), ca.own().certificatePem());
    }

    @Test
    void serves_what_is_new_and_says_so() throws Exception {
        RenewedIdentity identity = identity("old.corp");
        SslContext before = identity.context();
        IssuedCertificate renewed = issue("new.corp", MONTH);
        write(renewed);
        look(identity);

        assertThat(identity.identity().names()).containsExactly("new.corp");
        assertThat(identity.context()).isNotSameAs(before);
        assertThat(log.lines())
                .containsExactly("INFO The certificate in " + directory
                        + "/tls.crt is new and served from now on: for new.corp, issued by "
                        + ca.certificate().getSubjectX500Principal().getName().substring(3) + ", valid until "
                        + renewed.notAfter() + ".");
    }

    @Test
    void takes_a_renewal_that_lost_its_intermediate_and_says_so() throws Exception {
        KeyPair keys = Made.keys("EC");
        KeyPair middle = Made.keys("EC");
        String leaf = Made.server(keys).issuedBy("CN=Middle", middle).pem();
        String chain = leaf
                + Made.authority("CN=Middle", middle).issuedBy("CN=Root", keys).pem()
                + Made.authority("CN=Root", keys).pem();
        RenewedIdentity identity =
                new RenewedIdentity(Made.files(directory, chain, Made.pkcs8(keys.getPrivate())), () -> now);
        assertThat(log.lines()).isEmpty();
        Files.writeString(directory.resolve("tls.crt"), leaf);
        look(identity);

        assertThat(log.lines())
                .hasSize(2)
                .last()
                .asString()
                .isEqualTo("WARN The chain in " + directory
                        + "/tls.crt ends with a certificate issued by 'Middle', whose own is not in it: if that is an"
                        + " intermediate authority, clients cannot verify the chain; put its certificate at the end of the"
                        + " file.");
    }

    @Test
    void says_nothing_while_nothing_changes() throws Exception {
        RenewedIdentity identity = identity("old.corp");
        SslContext before = identity.context();
        look(identity);
        Files.setLastModifiedTime(directory.resolve("tls.crt"), FileTime.from(now.plusSeconds(60)));
        look(identity);

        assertThat(identity.context()).isSameAs(before);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void notices_a_change_that_leaves_size_and_time_alone() throws Exception {
        RenewedIdentity identity = identity("old.corp");
        Path certificate = directory.resolve("tls.crt");
        FileTime time = Files.getLastModifiedTime(certificate);
        IssuedCertificate renewed = sameSize("new.corp", Files.size(certificate));
        write(renewed);
        Files.setLastModifiedTime(certificate, time);
        look(identity);

        assertThat(identity.identity().names()).containsExactly("new.corp");
    }

    private static IssuedCertificate sameSize(String name, long size) throws Exception {
        // A signature on P-256 has a byte more or less, by chance.
        for (int i = 0; i < 200; i++) {
            IssuedCertificate each = issue(name, MONTH);
            if (each.certificatePem().length() == size) {
                return each;
            }
        }
        throw new AssertionError("none of that size");
    }

    @Test
    void a_pair_that_is_half_written_is_no_alarm() throws Exception {
        RenewedIdentity identity = identity("old.corp");
        IssuedCertificate renewed = issue("new.corp", MONTH);
        Files.writeString(directory.resolve("tls.crt"), renewed.certificatePem());
        identity.look(false);
        assertThat(identity.identity().names()).containsExactly("old.corp");
        Files.writeString(directory.resolve("tls.key"), renewed.keyPem());
        look(identity);

        assertThat(identity.identity().names()).containsExactly("new.corp");
        assertThat(log.lines()).singleElement().asString().startsWith("INFO ");
    }

    @Test
    void keeps_the_old_pair_while_the_new_one_is_broken_and_says_so_once() throws Exception {
        RenewedIdentity identity = identity("old.corp");
        SslContext before = identity.context();
        IssuedCertificate renewed = issue("new.corp", MONTH);
        Files.writeString(directory.resolve("tls.crt"), renewed.certificatePem());
        for (int i = 0; i < 10; i++) {
            look(identity);
            now = now.plusSeconds(30);
        }
        assertThat(identity.context()).isSameAs(before);
        assertThat(taken())
                .containsExactly("ERROR The private key in " + directory
                        + "/tls.key does not belong to the certificate in " + directory
                        + "/tls.crt. The certificate from before is served on, until "
                        + identity.identity().notAfter() + ".");

        Files.writeString(directory.resolve("tls.crt"), "broken in another way");
        for (int i = 0; i < 3; i++) {
            look(identity);
        }
        assertThat(taken())
                .singleElement()
                .asString()
                .startsWith("ERROR " + directory + "/tls.crt is not a PEM file: ");

        write(renewed);
        look(identity);
        assertThat(identity.identity().names()).containsExactly("new.corp");
    }

    @Test
    void keeps_it_while_a_file_is_missing_and_says_so_once() throws Exception {
        RenewedIdentity identity = identity("old.corp");
        Files.delete(directory.resolve("tls.key"));
        for (int i = 0; i < 5; i++) {
            look(identity);
        }
        assertThat(identity.identity().names()).containsExactly("old.corp");
        assertThat(taken())
                .singleElement()
                .asString()
                .startsWith("ERROR There is no key file " + directory + "/tls.key. The certificate from before");
    }

    @Test
    void takes_what_becomes_valid_later() throws Exception {
        RenewedIdentity identity = identity("old.corp");
        write(ca.server(SubjectNames.parse(List.of("new.corp")), now.plus(Duration.ofHours(2)), MONTH));
        look(identity);
        look(identity);
        assertThat(taken()).singleElement().asString().contains("is not valid before");
        now = now.plus(Duration.ofHours(3));
        look(identity);

        assertThat(identity.identity().names()).containsExactly("new.corp");
    }

    @Test
    void takes_new_authorities_of_clients() throws Exception {
        IssuedCertificate own = issue("old.corp", MONTH);
        ServerFiles files = Made.withClientCa(
                Made.files(directory, own.certificatePem(), own.keyPem()),
                directory,
                ca.own().certificatePem());
        RenewedIdentity identity = new RenewedIdentity(files, () -> now);
        SslContext before = identity.context();
        Made.withClientCa(files, directory, PrivateCa.create(now, MONTH).own().certificatePem());
        look(identity);

        assertThat(identity.context()).isNotSameAs(before);
    }

    /** As Kubernetes mounts a secret: a link to a directory is turned, and both files are new at once. */
    @Test
    void follows_a_link_that_is_turned() throws Exception {
        RenewedIdentity identity = new RenewedIdentity(mounted("old.corp"), () -> now);
        mounted("new.corp");
        look(identity);

        assertThat(identity.identity().names()).containsExactly("new.corp");
        assertThat(log.lines()).singleElement().asString().startsWith("INFO ");
    }

    private ServerFiles mounted(String name) throws Exception {
        IssuedCertificate issued = issue(name, MONTH);
        Path version = Files.createDirectory(directory.resolve(".." + name));
        Made.files(version, issued.certificatePem(), issued.keyPem());
        Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), version.getFileName());
        Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (String file : List.of("tls.crt", "tls.key")) {
            if (!Files.exists(directory.resolve(file))) {
                Files.createSymbolicLink(directory.resolve(file), Path.of("..data", file));
            }
        }
        return files();
    }

    @Test
    void warns_daily_from_a_fortnight_before_the_end_and_once_more_at_it() throws Exception {
        RenewedIdentity identity = identity("old.corp");
        Instant end = identity.identity().notAfter();
        List<String> said = new ArrayList<>();
        for (now = end.minus(Duration.ofDays(16));
                now.isBefore(end.plus(Duration.ofDays(2)));
                now = now.plusSeconds(3600)) {
            look(identity);
            said.addAll(taken());
        }
        String soon = "WARN The certificate in " + directory + "/tls.crt expires soon, at " + end + "; renew it.";
        String late = "ERROR The certificate in " + directory + "/tls.crt has expired at " + end
                + ", and clients refuse it; renew it.";
        assertThat(said).startsWith(soon).filteredOn(soon::equals).hasSize(15);
        assertThat(said).endsWith(late).filteredOn(late::equals).hasSize(2);
        assertThat(said).hasSize(17);
    }

    @Test
    void begins_with_good_files_or_not_at_all() throws Exception {
        ServerFiles files = files();
        try (FileWatch watch = new FileWatch()) {
            assertThatThrownBy(() -> RenewedIdentity.of(files, watch))
                    .isInstanceOf(KeyFileException.class)
                    .hasMessage("There is no certificate file " + directory + "/tls.crt.");
        }
    }

    @Test
    void is_looked_at_by_itself() throws Exception {
        try (FileWatch watch = new FileWatch(Duration.ofMillis(20))) {
            write(issue("old.corp", MONTH));
            RenewedIdentity identity = RenewedIdentity.of(files(), watch);
            write(issue("new.corp", MONTH));
            awaitLog("INFO", "for new.corp");

            assertThat(identity.identity().names()).containsExactly("new.corp");
        }
    }

    @Test
    void is_looked_at_once_when_asked() throws Exception {
        try (FileWatch watch = new FileWatch(Duration.ofDays(1))) {
            write(issue("old.corp", MONTH));
            RenewedIdentity identity = RenewedIdentity.of(files(), watch);
            write(issue("new.corp", MONTH));
            watch.lookNow();

            assertThat(identity.identity().names()).containsExactly("new.corp");
        }
    }

    /** Until the second look a change may be half of one. */
    private static void look(RenewedIdentity identity) {
        identity.look(false);
        identity.look(false);
    }

    private void awaitLog(String level, String words) {
        Await.until(words, () -> log.lines().stream().anyMatch(line -> line.startsWith(level) && line.contains(words)));
        log.clear();
    }

    private List<String> taken() {
        List<String> lines = log.lines();
        log.clear();
        return lines;
    }

    private RenewedIdentity identity(String name) throws Exception {
        write(issue(name, MONTH));
        return new RenewedIdentity(files(), () -> now);
    }

    private static IssuedCertificate issue(String name, Duration validity) throws Exception {
        return ca.server(SubjectNames.parse(List.of(name)), Instant.now(), validity);
    }

    private void write(IssuedCertificate issued) throws IOException {
        Made.files(directory, issued.certificatePem(), issued.keyPem());
    }

    private ServerFiles files() {
        return new ServerFiles(
                directory.resolve("tls.crt").toString(),
                directory.resolve("tls.key").toString(),
                Optional.empty(),
                Optional.empty());
    }
}
