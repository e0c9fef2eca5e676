package io.konnectproxy.deploy;

import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.tls.ThrowawayCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A directory in place of {@code /etc/konnect-proxy}, with what the Secrets and ConfigMaps of the tests put there. */
record MountedFiles(Path directory) {
    private static final String ETC = "/etc/konnect-proxy";

    static MountedFiles in(Path directory) throws IOException, GeneralSecurityException {
        MountedFiles files = new MountedFiles(directory);
        ThrowawayCa ca = new ThrowawayCa();
        KeyStore store = ca.serverStore(List.of("konnect-proxy.edge.svc.cluster.local"));
        files.write(
                "tls/tls.crt", pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
        files.write(
                "tls/tls.key",
                pem("PRIVATE KEY", store.getKey("server", new char[0]).getEncoded()));
        files.write("authorities/ca.crt", pem("CERTIFICATE", ca.certificate().getEncoded()));
        files.write("users/users.htpasswd", "dp-a:$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy\n");
        files.write("parent/credentials", "proxy-user:p@ss\n");
        files.write(
                "audit/audit.pem",
                pem(
                        "PRIVATE KEY",
                        KeyPairGenerator.getInstance("Ed25519")
                                .generateKeyPair()
                                .getPrivate()
                                .getEncoded()));
        files.write("hosts/konnect-hosts.yaml", Files.readString(Path.of("..", "config", "konnect-hosts.yaml")));
        return files;
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** A file of the pod, in which the paths are those of here. */
    Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text.replace(ETC, directory.toString()));
    }

    LoadedConfiguration load(String configuration) throws IOException, ConfigurationException {
        return ConfigurationLoader.load(file("konnect-proxy.yaml", configuration), Map.of());
    }
}
