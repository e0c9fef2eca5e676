package io.konnectproxy.server.config;

import java.util.List;
import java.util.Map;

/** Warnings about the admin port. */
final class AdminWarnings {
    private AdminWarnings() {}

    static void add(Configuration.Admin admin, Map<String, String> origins, List<String> warnings) {
        if (admin.isPageWithheld() && asksForPage(origins)) {
            warnings.add("there is no live page although admin.page is true, for " + Configuration.Admin.WITHHELD);
        }
        boolean isLocal = admin.address().getAddress().isLoopbackAddress();
        if (admin.page() && admin.credentials().isPresent() && !isLocal) {
            warnings.add("passwords for the live page come to " + SocketAddresses.text(admin.address())
                    + " for anyone on the way to read; let admin.address be a loopback address, and reach it through a tunnel"
                    + " or a proxy with TLS");
        }
    }

    /** Whether the file or the environment says that there is to be a page. */
    static boolean asksForPage(Map<String, String> origins) {
        return !origins.getOrDefault("admin.page", "default").equals("default");
    }
}
