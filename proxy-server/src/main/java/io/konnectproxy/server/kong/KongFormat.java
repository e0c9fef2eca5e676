package io.konnectproxy.server.kong;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The output formats of settings. In all of them, lines that begin with {@code #} are comments. */
public enum KongFormat {
    /** The format of {@code kong.conf}, without quotes, because they would become part of the values. */
    KONG_CONF("kong.conf") {
        @Override
        void write(KongListener listener, List<String> lines) {
            lines.add("# No quotes, which Kong would keep; and never without the port, for Kong would dial 443.");
            listener.settings(CA_FILE).forEach((key, value) -> lines.add(key + " = " + value));
        }
    },
    /** Environment variables for shells, and for the environment files of Docker and systemd. */
    ENV("env") {
        @Override
        void write(KongListener listener, List<String> lines) {
            listener.settings(CA_FILE).forEach((key, value) -> lines.add(variable(key) + "=" + value));
        }
    },
    /** Values of Kong's Helm chart. */
    HELM("helm") {
        @Override
        void write(KongListener listener, List<String> lines) {
            HelmValues.write(listener, lines);
        }

        @Override
        void warn(KongListener listener, List<String> warnings) {
            if (listener.url().login().flatMap(ProxyUrl.Login::password).isPresent()) {
                warnings.add("values are kept in files, so the password is not printed into these: put the address that"
                        + " --output env prints into the Secret");
            }
        }
    },
    DOCKER("docker") {
        @Override
        void write(KongListener listener, List<String> lines) {
            lines.add("# To be added to the command that Konnect gives you for a data plane.");
            lines.add("docker run -d \\");
            listener.settings(CA_FILE)
                    .forEach((key, value) -> lines.add("  -e " + variable(key) + "=" + value + " \\"));
            if (listener.url().tls()) {
                lines.add("  -v \"$PWD/konnect-proxy-ca.crt:" + CA_FILE + ":ro\" \\");
            }
            lines.add("  kong/kong-gateway");
        }
    },
    /** Environment variables of programs in Go: decK and all others that are configured by their environment. */
    DECK("deck") {
        @Override
        void write(KongListener listener, List<String> lines) {
            lines.add("# decK, Kong Ingress Controller, Kong Operator, Terraform, kongctl"
                    + (listener.url().tls() ? "; not Kong Mesh, which needs a plain listener." : ", Kong Mesh."));
            lines.add("HTTPS_PROXY=" + listener.url().text());
            lines.add(
                    "# Add the service and pod blocks of your cluster, if they are others: its API server is in one of them.");
            lines.add("NO_PROXY=" + NO_PROXY);
            if (listener.url().tls()) {
                lines.add("SSL_CERT_DIR=" + CA_DIRECTORY);
            }
        }

        @Override
        void warn(KongListener listener, List<String> warnings) {
            if (listener.url().tls()) {
                warnings.add("Kong Mesh cannot use a TLS listener: it speaks plain http to a proxy (" + listener.title()
                        + ")");
            }
        }
    };

    /** The path of the authority's file at Kong. */
    private static final String CA_FILE = "/etc/kong/konnect-proxy-ca.crt";
    /** Go reads every file in these directories, and the system's bundle too. */
    private static final String CA_DIRECTORY = "/etc/ssl/certs:/etc/konnect-proxy-ca";
    /**
     * Hosts inside the cluster: the Kubernetes API, pods and services. Programs in Go never use a proxy for loopback.
     */
    private static final String NO_PROXY =
            "localhost,127.0.0.1,::1,10.0.0.0/8,100.64.0.0/10,172.16.0.0/12,192.168.0.0/16,fc00::/7,.svc,.cluster.local";

    private final String text;

    KongFormat(String text) {
        this.text = text;
    }

    /** Finds a format by its name on the command line. */
    public static KongFormat of(String text) {
        for (KongFormat format : values()) {
            if (format.text.equals(text)) {
                return format;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is none of kong.conf, env, helm, docker, deck");
    }

    /** A block for each listener, separated by empty lines. They include passwords, where there are any. */
    public List<String> lines(List<KongListener> listeners) {
        List<String> lines = new ArrayList<>();
        for (KongListener listener : listeners) {
            if (!lines.isEmpty()) {
                lines.add(this == HELM ? "---" : "");
            }
            lines.add("# " + listener.title() + ".");
            listener.hints().forEach(hint -> lines.add("# " + hint));
            write(listener, lines);
        }
        return lines;
    }

    /** Warnings about what cannot work with these settings. */
    public List<String> warnings(List<KongListener> listeners) {
        List<String> warnings = new ArrayList<>();
        listeners.forEach(listener -> warn(listener, warnings));
        return warnings;
    }

    abstract void write(KongListener listener, List<String> lines);

    void warn(KongListener listener, List<String> warnings) {}

    private static String variable(String key) {
        return "KONG_" + key.toUpperCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return text;
    }

    /**
     * The chart converts {@code env} to environment variables, and mounts {@code secretVolumes} at {@code
     * /etc/secrets}.
     */
    private static final class HelmValues {
        private static final String CA_FILE = "/etc/secrets/konnect-proxy-ca/ca.crt";

        static void write(KongListener listener, List<String> lines) {
            boolean secret = listener.url().login().isPresent();
            if (secret) {
                lines.add("#   printf %s '" + listener.url().withoutPassword().text()
                        + "' | kubectl create secret generic konnect-proxy --from-file=proxy_server=/dev/stdin");
            }
            if (listener.url().tls()) {
                lines.add("#   kubectl create secret generic konnect-proxy-ca --from-file=ca.crt=tls/ca.crt");
            }
            lines.add("env:");
            for (Map.Entry<String, String> setting : listener.settings(CA_FILE).entrySet()) {
                if (secret && setting.getKey().equals("proxy_server")) {
                    lines.add("  proxy_server:");
                    lines.add("    valueFrom:");
                    lines.add("      secretKeyRef: { name: konnect-proxy, key: proxy_server }");
                } else {
                    lines.add("  " + setting.getKey() + ": \"" + setting.getValue() + "\"");
                }
            }
            if (listener.url().tls()) {
                lines.add("# Together with what you have there; the first one is Konnect's own.");
                lines.add("secretVolumes: [kong-cluster-cert, konnect-proxy-ca]");
            }
        }
    }
}
