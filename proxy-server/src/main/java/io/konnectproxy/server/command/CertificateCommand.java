package io.konnectproxy.server.command;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.server.file.SafeFile;
import io.konnectproxy.server.tls.IssuedCertificate;
import io.konnectproxy.server.tls.PrivateCa;
import io.konnectproxy.server.tls.SubjectNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code certificate}: makes a private authority, and certificates of it for a TLS listener and for clients. */
@Command(
        name = "certificate",
        description = {
            "Makes a private authority and a certificate for a TLS listener, for trial and closed networks.",
            "Run again, it renews the certificate under the same authority, for the names it has and those that are given;"
                    + " a running proxy takes it up by itself."
        })
final class CertificateCommand implements Callable<Integer> {
    private static final int MAX_DAYS = 36_500;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "Host names and IP addresses that Kong addresses the proxy by; a host name first.")
    private List<String> names = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "tls",
            description = "Where ca.crt, ca.key, tls.crt and tls.key go. An authority that is there is used again. "
                    + "Default: ${DEFAULT-VALUE}")
    private Path directory = Path.of("");

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "397",
            description = "How long the certificate is valid. Default: ${DEFAULT-VALUE}")
    private int days;

    @Option(
            names = "--ca-days",
            paramLabel = "N",
            defaultValue = "3650",
            description = "How long a new authority is valid. Default: ${DEFAULT-VALUE}")
    private int caDays;

    @Option(
            names = "--client",
            paramLabel = "NAME",
            description = "Makes a certificate for a client of that name too: client-NAME.crt, client-NAME.key.")
    private Optional<String> client = Optional.empty();

    @Override
    public Integer call() {
        SubjectNames subject = subject();
        Instant now = Instant.now();
        CertificateDirectory files = new CertificateDirectory(directory);
        CertificateAdvice advice = new CertificateAdvice(spec.commandLine().getOut(), files);
        try {
            PrivateCa ca = files.authority(now, Duration.ofDays(caDays));
            advice.authority(ca, files.isNew());
            // If only a client is named, the listener's certificate is not changed.
            if (!subject.all().isEmpty() || client.isEmpty()) {
                SubjectNames before = ca.namesOf(files.certificate(CertificateDirectory.LISTENER));
                SubjectNames all = subject.with(before);
                if (all.all().isEmpty()) {
                    return ended(
                            ExitCode.FAILED,
                            files.certificate(CertificateDirectory.LISTENER)
                                    + " is not of this authority, so there is nothing"
                                    + " to renew; say which names the certificate is for.");
                }
                IssuedCertificate server = ca.server(all, now, Duration.ofDays(days));
                files.write(CertificateDirectory.LISTENER, server);
                advice.listener(all, server, client.isPresent());
                advice.kept(subject, all);
            }
            if (client.isPresent()) {
                IssuedCertificate issued = ca.client(client.get(), now, Duration.ofDays(days));
                files.write(CertificateDirectory.client(client.get()), issued);
                advice.client(client.get(), issued);
            }
            return ExitCode.OK;
        } catch (IOException e) {
            return ended(ExitCode.OUTPUT, SafeFile.sentence(e, "The certificate"));
        } catch (KeyFileException | CertificateDirectory.Occupied e) {
            return ended(ExitCode.FAILED, e.getMessage());
        } catch (GeneralSecurityException e) {
            return ended(ExitCode.FAILED, "This JDK cannot make certificates: " + e.getMessage() + ".");
        }
    }

    private SubjectNames subject() {
        if (names.isEmpty()
                && client.isEmpty()
                && !Files.exists(new CertificateDirectory(directory).certificate(CertificateDirectory.LISTENER))) {
            throw misused("Which names is the certificate for? As in: konnect-proxy certificate proxy.corp");
        }
        requireDays("--days", days);
        requireDays("--ca-days", caDays);
        if (client.isPresent() && !client.get().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw misused(
                    "A client's name has letters, digits, dots, hyphens and underscores, 64 at most, and begins with"
                            + " a letter or a digit.");
        }
        try {
            return SubjectNames.parse(names);
        } catch (IllegalArgumentException e) {
            throw misused(String.valueOf(e.getMessage()));
        }
    }

    private void requireDays(String option, int number) {
        if (number < 1 || number > MAX_DAYS) {
            throw misused(option + " is a number of days from 1 to " + MAX_DAYS + ".");
        }
    }

    private ParameterException misused(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    private int ended(int code, String sentence) {
        spec.commandLine().getErr().println(sentence);
        return code;
    }
}
