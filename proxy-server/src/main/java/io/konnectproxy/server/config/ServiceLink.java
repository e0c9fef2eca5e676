package io.konnectproxy.server.config;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Variables that Kubernetes sets in every container of a namespace for each Service, and Docker for a linked container. Those
 * of a Service whose name begins with {@code konnect-proxy} look like settings. Name and value both must have the form: nobody
 * writes {@code tcp://10.0.0.1:9090} for a port.
 */
final class ServiceLink {
    private static final Pattern URL = Pattern.compile("(tcp|udp|sctp)://\\S+:[0-9]{1,5}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    /** By the end of the name, the form of the value. */
    private static final Map<Pattern, Pattern> FORMS = Map.of(
            ending("SERVICE_HOST"), ADDRESS,
            ending("SERVICE_PORT(_[A-Z0-9_]+)?"), NUMBER,
            ending("PORT"), URL,
            ending("PORT_[0-9]+_(TCP|UDP|SCTP)(_START|_END)?"), URL,
            ending("PORT_[0-9]+_(TCP|UDP|SCTP)_PROTO"), Pattern.compile("tcp|udp|sctp"),
            ending("PORT_[0-9]+_(TCP|UDP|SCTP)_PORT(_START|_END)?"), NUMBER,
            ending("PORT_[0-9]+_(TCP|UDP|SCTP)_ADDR"), ADDRESS,
            ending("NAME"), Pattern.compile("/[^/ ]+/[^/ ]+"),
            // What the linked container itself has been given.
            Pattern.compile("KONNECT_PROXY_ENV_\\w+"), Pattern.compile(".*", Pattern.DOTALL));

    private ServiceLink() {}

    private static Pattern ending(String end) {
        return Pattern.compile("KONNECT_PROXY_([A-Z0-9_]+_)?" + end);
    }

    static boolean is(String name, String value) {
        return FORMS.entrySet().stream()
                .anyMatch(form -> form.getKey().matcher(name).matches()
                        && form.getValue().matcher(value).matches());
    }
}
