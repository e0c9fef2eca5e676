package io.konnectproxy.server.config;

import io.konnectproxy.konnect.KonnectCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Loads the configuration. The environment overrides the file, and the file overrides the defaults. */
public final class ConfigurationLoader {
    private static final String PACKAGED_HOSTS = "/io/konnectproxy/config/konnect-hosts.yaml";

    private ConfigurationLoader() {}

    /**
     * Reads and checks everything; opens no socket and resolves no name.
     *
     * @param environment the environment variables; those with the prefix {@code KONNECT_PROXY_} are read
     * @throws ConfigurationException with all problems
     */
    public static LoadedConfiguration load(Path file, Map<String, String> environment) throws ConfigurationException {
        return load(file, environment, SigningFiles.UNREAD);
    }

    /**
     * Like {@link #load(Path, Map)}, for whoever signs the trail.
     *
     * @param signingFiles which files of {@code audit.sign} are opened
     */
    public static LoadedConfiguration load(Path file, Map<String, String> environment, SigningFiles signingFiles)
            throws ConfigurationException {
        return load(file, environment, signingFiles, Instant.now());
    }

    static LoadedConfiguration load(Path file, Map<String, String> environment, SigningFiles signingFiles, Instant now)
            throws ConfigurationException {
        Problems problems = new Problems();
        Map<String, String> origins = new TreeMap<>();
        Set<Path> files = new TreeSet<>(Set.of(file));
        Environment variables = new Environment(environment);
        Optional<ConfigurationReader.Result> read = TextFile.read(file, "name another with -c FILE", problems)
                .flatMap(text -> YamlDocument.read(file.toString(), text, problems))
                .flatMap(root -> read(
                        root,
                        new ConfigurationSection.ReadingContext(variables, problems, origins, files),
                        signingFiles));
        if (read.isEmpty() || !problems.none()) {
            throw new ConfigurationException(problems);
        }
        Configuration configuration = read.get().configuration();
        List<ListenerFacts> facts = read.get().facts();
        return new LoadedConfiguration(
                configuration, facts, Warnings.of(configuration, facts, origins, now), origins, files);
    }

    private static Optional<ConfigurationReader.Result> read(
            YamlValue root, ConfigurationSection.ReadingContext reading, SigningFiles signingFiles) {
        // A file with nothing but comments is a mapping without keys.
        YamlValue mapping = root.isNothing() ? YamlValue.withoutKeys(root.place()) : root;
        Optional<ConfigurationReader.Result> result;
        try (ConfigurationSection top = ConfigurationSection.top(reading, mapping)) {
            Optional<String> hosts = top.optional("konnect-hosts", Optional.empty(), top.content(Values::path));
            Optional<KonnectCatalog> catalog = hosts.map(path -> replacedCatalog(path, reading.problems()))
                    .orElseGet(() -> Optional.of(packagedCatalog()));
            result = new ConfigurationReader(top, hosts, catalog, signingFiles).read();
        }
        reading.environment().reportUnused(reading.problems());
        return result;
    }

    private static Optional<KonnectCatalog> replacedCatalog(String path, Problems problems) {
        return TextFile.read(Path.of(path), "correct 'konnect-hosts', or leave it out for the packaged table", problems)
                .flatMap(text -> YamlDocument.read(path, text, problems))
                .flatMap(root -> KonnectHostsReader.read(root, problems));
    }

    /** The host table in the jar. */
    public static KonnectCatalog packagedCatalog() {
        Problems problems = new Problems();
        try (InputStream in = ConfigurationLoader.class.getResourceAsStream(PACKAGED_HOSTS)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing from the jar: " + PACKAGED_HOSTS);
            }
            return TextFile.text(in, new SourceLocation("konnect-hosts.yaml", 0), problems)
                    .flatMap(text -> YamlDocument.read("konnect-hosts.yaml", text, problems))
                    .flatMap(root -> KonnectHostsReader.read(root, problems))
                    .orElseThrow(() -> new IllegalStateException(String.join("; ", problems.sentences())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
