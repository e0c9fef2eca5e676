package io.konnectproxy.server.kong;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A listener that Kong can use.
 *
 * @param title its address and its requirements
 * @param hints comments for the user who copies the settings, one line each
 */
public record KongListener(String title, ProxyUrl url, List<String> hints) {
    public KongListener {
        hints = List.copyOf(hints);
    }

    /** The keys of {@code kong.conf}, in the order in which they are shown. */
    Map<String, String> settings(String caFile) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("proxy_server", url.text());
        if (url.tls()) {
            settings.put("proxy_server_ssl_verify", "on");
            // 'system' is kept, because Kong verifies other peers with the same setting.
            settings.put("lua_ssl_trusted_certificate", "system," + caFile);
        }
        settings.put("cluster_use_proxy", "on");
        return settings;
    }
}
