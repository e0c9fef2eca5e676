package io.konnectproxy.server.config;

import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.keys.Secret;
import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.mirror.MirrorTarget;
import io.konnectproxy.mirror.MirrorUrl;
import io.konnectproxy.server.config.Configuration.Parent;
import io.konnectproxy.siem.LineFormat;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads {@code audit}: its keys, their defaults and their bounds. */
final class AuditReader {
    private AuditReader() {}

    static AuditSettings read(ConfigurationSection top, List<Parent> parents, SigningFiles signingFiles) {
        try (ConfigurationSection audit = top.section("audit")) {
            Optional<String> file =
                    audit.optional("file", Optional.of("audit/konnect-proxy.jsonl"), NamedFile::written);
            AuditSettings.Rotation rotation = rotation(audit);
            AuditSettings values = new AuditSettings(
                    file,
                    audit.value("stdout", AuditSettings.Stdout.ON, AuditReader::stdout),
                    audit.value(
                            "on-failure", AuditSettings.OnFailure.REFUSE, Values.choice(AuditSettings.OnFailure.class)),
                    audit.value(
                            "durability", AuditSettings.Durability.OS, Values.choice(AuditSettings.Durability.class)),
                    rotation,
                    signing(audit, signingFiles),
                    mirrors(audit),
                    ArchiveReader.read(audit, parents, file, rotation));
            if (values.file().isEmpty() && values.stdout() == AuditSettings.Stdout.OFF) {
                audit.problem("file", "audit lines must go somewhere; name a file or set 'stdout' to true");
            }
            if (values.file().isEmpty() && values.durability() == AuditSettings.Durability.DISK) {
                audit.problem("durability", "standard output is on no disk; name a file, or leave 'durability' out");
            }
            return values;
        }
    }

    private static AuditSettings.Stdout stdout(String text) {
        return switch (text) {
            case "true" -> AuditSettings.Stdout.ON;
            case "false" -> AuditSettings.Stdout.OFF;
            case "json" -> AuditSettings.Stdout.JSON;
            default -> throw new IllegalArgumentException("must be true, false or json" + Meant.flag(text));
        };
    }

    private static AuditSettings.Rotation rotation(ConfigurationSection audit) {
        try (ConfigurationSection rotate = audit.section("rotate")) {
            Function<String, Long> upToATebibyte = Values.size(1L << 20, 1L << 40);
            AuditSettings.Rotation rotation = new AuditSettings.Rotation(
                    rotate.optional("size", Optional.of(256L << 20), upToATebibyte),
                    rotate.value("daily", false, Values::flag),
                    rotate.value("compress", false, Values::flag),
                    rotate.optional("keep", Optional.empty(), Values.count(1_000_000)),
                    rotate.optional("keep-for", Optional.empty(), Values.duration(Duration.ofDays(36_500))),
                    rotate.optional("keep-size", Optional.empty(), upToATebibyte));
            if (rotation.removes() && !rotation.isOn()) {
                rotate.problem(
                        "size",
                        "no new file is ever begun, so none is ever finished and removed; set"
                                + " 'size' or 'daily', or leave out what is kept");
            }
            return rotation;
        }
    }

    private static List<MirrorTarget> mirrors(ConfigurationSection audit) {
        List<MirrorTarget> mirrors = audit.sections("mirrors", Optional.of("url"), AuditReader::mirror)
                .orElse(List.of());
        Set<MirrorUrl> urls = new HashSet<>();
        for (MirrorTarget mirror : mirrors) {
            if (!urls.add(mirror.url())) {
                audit.problem("mirrors", "two mirrors are at " + mirror.url() + "; keep one");
            }
        }
        return mirrors;
    }

    private static Optional<MirrorTarget> mirror(ConfigurationSection section) {
        Optional<MirrorUrl> url = section.required("url", MirrorUrlReader::parse);
        Optional<TrustedCertificates> trust = section.optional(
                "trust", Optional.empty(), section.content(file -> TrustedCertificates.read(Values.path(file))));
        if (trust.isPresent() && url.isPresent() && !url.get().protocol().isEncrypted()) {
            section.problem(
                    "trust",
                    "there are no certificates without TLS; take " + url.get().encrypted() + ", or leave 'trust' out");
        }
        LineFormat format = section.value("format", LineFormat.LINE, Values.choice(LineFormat.class));
        return url.map(present -> new MirrorTarget(present, trust, format));
    }

    private static Optional<AuditSettings.Signing> signing(ConfigurationSection audit, SigningFiles files) {
        try (ConfigurationSection sign = audit.section("sign")) {
            Optional<String> key = sign.optional("key", Optional.empty(), sign.content(files.key()));
            boolean sound = sign.isSound();
            Optional<String> passwordFile =
                    sign.optional("key-password-file", Optional.empty(), sign.content(files.password()));
            Optional<Secret> password = sign.secret("key-password", "key-password-file");
            if (passwordFile.isPresent() && password.isPresent()) {
                sign.problem("key-password-file", "the password of the key is given twice; keep one");
            }
            if (sound && key.isEmpty() && (passwordFile.isPresent() || password.isPresent())) {
                sign.problem(
                        passwordFile.isPresent() ? "key-password-file" : "key-password",
                        "there is a password and no 'key' that it is for");
            }
            boolean named = sign.isSound();
            int every = sign.value("every", 1_000, Values.count(1_000_000));
            Duration interval = sign.value("interval", Duration.ofMinutes(1), Values.duration(Duration.ofHours(24)));
            Optional<AuditSettings.Signing> signing =
                    key.map(file -> new AuditSettings.Signing(file, passwordFile, password, every, interval));
            signing.filter(any -> named).ifPresent(all -> files.requireUsable(sign, all));
            return signing;
        }
    }
}
