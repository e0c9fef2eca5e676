package io.konnectproxy.server.config;

import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.S3Settings;
import io.konnectproxy.archive.S3Settings.HttpProxy;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.server.config.Configuration.Parent;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code audit.archive}, and the address of a store for the commands that name one. */
public final class ArchiveReader {
    /** One PUT takes 5 GiB, and a file exceeds its size by what is written at once. */
    private static final long MOST_BYTES = 4L << 30;

    private static final Pattern ENDPOINT =
            Pattern.compile("(?<scheme>https?)://(?<host>\\[[^\\]/@?#]*\\]|[^:/@?#\\[\\]]*)(?::(?<port>[0-9]*))?/?");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");

    private ArchiveReader() {}

    /** What nobody may remove, and for whom. */
    enum LockMode {
        COMPLIANCE,
        GOVERNANCE
    }

    static Optional<Archive> read(
            ConfigurationSection audit, List<Parent> parents, Optional<String> file, Rotation rotation) {
        try (ConfigurationSection section = audit.section("archive", Optional.of("url"))) {
            Optional<BucketUrl> url = section.optional("url", Optional.empty(), BucketUrl::parse);
            Optional<URI> endpoint = section.optional("endpoint", Optional.empty(), ArchiveReader::endpoint);
            Optional<String> region = section.optional("region", Optional.empty(), ArchiveReader::region);
            Optional<TrustedCertificates> trust = section.optional(
                    "trust", Optional.empty(), section.content(name -> TrustedCertificates.read(Values.path(name))));
            Optional<Duration> retainFor =
                    section.optional("retain-for", Optional.empty(), Values.duration(Duration.ofDays(36_500)));
            LockMode lock = section.value("lock", LockMode.COMPLIANCE, Values.choice(LockMode.class));
            boolean keepUnarchived = section.value("keep-unarchived", true, Values::flag);
            Optional<ParentUrl> named =
                    section.optional("parent", Optional.empty(), RedactedException.hiding("the URL", ParentUrl::parse));
            Optional<Parent> parent = named.flatMap(wanted -> parents.stream()
                    .filter(each -> each.url().isAtThePlaceOf(wanted))
                    .findFirst());
            if (url.isEmpty()) {
                Map<String, Optional<?>> others = new LinkedHashMap<>();
                others.put("endpoint", endpoint);
                others.put("region", region);
                others.put("trust", trust);
                others.put("retain-for", retainFor);
                others.put("parent", named);
                others.entrySet().stream()
                        .filter(other -> other.getValue().isPresent() && section.isSound())
                        .findFirst()
                        .ifPresent(other ->
                                section.problem(other.getKey(), "there is no 'url' of a bucket that it is for"));
                return Optional.empty();
            }
            requireFiles(section, file, rotation);
            if (lock == LockMode.GOVERNANCE && retainFor.isEmpty()) {
                section.problem("lock", "there is no 'retain-for', so nothing is locked; set it, or leave 'lock' out");
            }
            if (named.isPresent() && parent.isEmpty()) {
                section.problem("parent", "none of 'parents' is at " + named.get() + "; add it there, or name another");
            }
            if (trust.isPresent()
                    && endpoint.filter(each -> each.getScheme().equals("http")).isPresent()) {
                section.problem("trust", "there are no certificates without TLS; take https, or leave 'trust' out");
            }
            return Optional.of(new Archive(
                    url.get(),
                    new S3Settings(endpoint, region, trust, parent.map(ArchiveReader::proxy)),
                    retainFor,
                    lock == LockMode.COMPLIANCE,
                    keepUnarchived));
        }
    }

    private static void requireFiles(ConfigurationSection section, Optional<String> file, Rotation rotation) {
        if (file.isEmpty()) {
            section.problem(
                    "url", "without audit.file no file is ever finished and archived; name one, or leave this out");
        } else if (rotation.size().filter(size -> size <= MOST_BYTES).isEmpty()) {
            section.problem(
                    "url",
                    "an object has 5 GiB at most; set audit.rotate.size to " + Values.sizeText(MOST_BYTES)
                            + " or less");
        }
    }

    private static HttpProxy proxy(Parent parent) {
        ParentUrl url = parent.url();
        return new HttpProxy(url.host(), url.port(), url.tls(), url.credentials(), parent.trust());
    }

    /**
     * Parses the URL of a store.
     *
     * @throws IllegalArgumentException with the rest of a sentence that begins with the text
     */
    public static URI endpoint(String text) {
        if (text.indexOf('@') >= 0) {
            throw new IllegalArgumentException("must not have a user or a password in it");
        }
        Matcher parts = ENDPOINT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("must be like https://s3.corp or https://s3.corp:9000, without a path");
        }
        String host = UrlHost.written(UrlHost.parse(parts.group("host")));
        String port = parts.group("port") == null ? "" : ":" + SocketAddresses.port(parts.group("port"), 1);
        return URI.create(parts.group("scheme") + "://" + host + port);
    }

    /**
     * Parses the name of a region.
     *
     * @throws IllegalArgumentException with the rest of a sentence that begins with the text
     */
    public static String region(String text) {
        if (!REGION.matcher(text).matches()) {
            throw new IllegalArgumentException("must be a region, like eu-central-1");
        }
        return text;
    }
}
