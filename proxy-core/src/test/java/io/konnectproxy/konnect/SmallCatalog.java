package io.konnectproxy.konnect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A catalogue with one row of every shape; the shipped table is tested where it is read. */
public final class SmallCatalog {
    private static final List<String> ALL = List.of("au", "eu", "sg", "us");

    private SmallCatalog() {}

    /** {@code mcp} is not in sg, {@code platform} is in no region, {@code privatelink} spells its region otherwise. */
    public static KonnectCatalog create() {
        List<KonnectHost> hosts = new ArrayList<>();
        hosts.add(row("cloud.konghq.com", "platform", Optional.empty()));
        hosts.add(row("ap.svc.konghq.com", "privatelink", Optional.of("au")));
        Map.of(
                        "{region}.api.konghq.com", "api",
                        "{control-plane}.{region}.cp0.konghq.com", "data-plane",
                        "{control-plane}.{region}.tp0.konghq.com", "data-plane",
                        "{control-plane}.{region}.cp.konghq.com", "data-plane",
                        "{control-plane}.{region}.tp.konghq.com", "data-plane",
                        "{portal}.{region}.kongportals.com", "portal",
                        "{region}.identity.konghq.com", "identity",
                        "{tenant}.{region}.identity.konghq.com", "identity")
                .forEach((pattern, purpose) ->
                        ALL.forEach(region -> hosts.add(row(pattern, purpose, Optional.of(region)))));
        List.of("au", "eu", "us")
                .forEach(region -> hosts.add(row("{region}.mcp.konghq.com", "mcp", Optional.of(region))));
        return new KonnectCatalog(
                hosts, Set.of(new Purpose("platform"), new Purpose("api"), new Purpose("data-plane")));
    }

    private static KonnectHost row(String pattern, String purpose, Optional<String> region) {
        return new KonnectHost(HostPattern.parse(pattern), new Purpose(purpose), region.map(Region::new));
    }
}
