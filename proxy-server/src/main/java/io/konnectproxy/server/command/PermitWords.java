package io.konnectproxy.server.command;

import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.Rule;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.config.Configuration;
import java.util.Optional;
import java.util.Set;

/** Says which rule permits a request. */
final class PermitWords {
    private PermitWords() {}

    /** @param entry whose rules decided; empty for those of all clients */
    static String of(TunnelPermit permit, Optional<ClientEntry> entry, Configuration configuration) {
        Rule rule = permit.rule();
        if (rule instanceof Rule.KonnectRule konnect) {
            Set<TenantLabel> pins =
                    entry.map(ClientEntry::pins).orElse(configuration.rules().pins());
            return rule.reason() + konnect(konnect.match(), pins);
        }
        return rule instanceof Rule.ExtraHostRule extra
                ? rule.reason() + ", '" + extra.extraHost().name() + "' of extra-hosts"
                : rule.reason();
    }

    private static String konnect(KonnectMatch match, Set<TenantLabel> pins) {
        return ", " + match.host().pattern() + ", purpose " + match.host().purpose()
                + match.host().region().map(region -> ", region " + region).orElse("")
                + match.label()
                        .map(label -> ", " + label.place().noun() + " " + label
                                + (pins.contains(label) ? " (pinned)" : " (none is pinned)"))
                        .orElse("");
    }
}
