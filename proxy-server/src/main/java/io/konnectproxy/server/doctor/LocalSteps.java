package io.konnectproxy.server.doctor;

import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.config.ListenerFacts;
import io.konnectproxy.server.config.ListenerFacts.Identity;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What needs no network: capacity, the audit directory, the certificates of our own listeners. */
final class LocalSteps {
    private static final String WARNING = "warning: ";
    /** As long as a running proxy warns before a certificate expires. */
    private static final Duration SOON = Duration.ofDays(14);

    private final Reports reports;
    private final Instant now;

    LocalSteps(Reports reports, Instant now) {
        this.reports = reports;
        this.now = now;
    }

    void run(LoadedConfiguration loaded) {
        reports.examine(
                DoctorStep.CAPACITY,
                Optional.empty(),
                "Memory and file descriptors of a process that is started here, against limits.tunnels",
                () -> capacity(loaded.configuration().limits()));
        AuditSettings audit = loaded.configuration().audit();
        audit.file()
                .ifPresent(file -> reports.examine(
                        DoctorStep.AUDIT,
                        Optional.empty(),
                        "Whether " + file + " can be written, and how much room there is",
                        () -> AuditPlace.of(file, audit.rotate().size()).diagnose()));
        List<ListenerSettings> listeners = loaded.configuration().listen();
        for (int i = 0; i < listeners.size(); i++) {
            String address = NetUtil.toSocketAddressString(listeners.get(i).address());
            ListenerFacts facts = loaded.facts().get(i);
            facts.identity()
                    .ifPresent(identity -> reports.examine(
                            DoctorStep.CERTIFICATE,
                            Optional.of(address),
                            "Names, chain and validity of the listener's certificate, as Kong will see them",
                            () -> certificate(identity, now)));
        }
    }

    private static Diagnosis capacity(Configuration.Limits limits) {
        List<String> sentences = Capacity.of(limits).sentences(limits);
        return diagnosed(sentences);
    }

    /** The first sentence tells what can be carried; each warning ends with its remedy, which is a sentence of its own. */
    static Diagnosis diagnosed(List<String> sentences) {
        List<String> warnings = sentences.stream()
                .filter(sentence -> sentence.startsWith(WARNING))
                .map(sentence -> sentence.substring(WARNING.length()))
                .toList();
        if (warnings.isEmpty()) {
            return new Fine("It " + sentences.get(0) + ".");
        }
        return new Doubtful(
                warnings.stream().map(LocalSteps::problem).collect(Collectors.joining(" ")),
                warnings.stream().map(LocalSteps::remedy).distinct().collect(Collectors.joining(" ")));
    }

    private static String problem(String warning) {
        return warning.substring(0, warning.lastIndexOf(". ") + 1);
    }

    private static String remedy(String warning) {
        return warning.substring(warning.lastIndexOf(". ") + 2) + ".";
    }

    static Diagnosis certificate(Identity identity, Instant now) {
        String until = identity.notAfter().truncatedTo(ChronoUnit.SECONDS).toString();
        if (now.isAfter(identity.notAfter())) {
            return new Failing("It expired at " + until + ": Kong refuses it.", "Renew the certificate.");
        }
        Optional<String> missing = identity.warnings().stream()
                .filter(warning -> warning.contains("whose own is not in it"))
                .findFirst();
        if (missing.isPresent()) {
            return new Doubtful(
                    missing.get(),
                    "Put the intermediate's certificate at the end of the file. If the issuer is a root that Kong trusts, all"
                            + " is well.");
        }
        if (!identity.warnings().isEmpty()) {
            return new Doubtful(String.join(" ", identity.warnings()), "Do what the sentence says.");
        }
        if (identity.names().stream().allMatch(LocalSteps::isAddress)) {
            return new Doubtful(
                    "It is for " + String.join(", ", identity.names())
                            + ": Kong verifies names only, and no IP address.",
                    "Have a certificate issued for the host name in Kong's proxy_server.");
        }
        if (now.isAfter(identity.notAfter().minus(SOON))) {
            return new Doubtful("It expires soon, at " + until + ".", "Renew the certificate.");
        }
        return new Fine("It is for " + String.join(", ", identity.names()) + ", valid until " + until + ".");
    }

    private static boolean isAddress(String name) {
        return NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name);
    }
}
