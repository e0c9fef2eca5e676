package io.konnectproxy.server.command;

import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.server.config.CertificateName;
import io.konnectproxy.server.config.ControlPlaneId;
import io.konnectproxy.server.credentials.UserName;
import io.konnectproxy.suggest.SuggestionBuilder;

/** What a configuration can have in {@code clients} and in pins. */
final class ConfigurationForms implements SuggestionBuilder.Expressible {
    @Override
    public boolean client(Match match) {
        if (match instanceof Match.User user) {
            return UserName.problem(user.name()).isEmpty();
        }
        return !(match instanceof Match.Certificate certificate)
                || CertificateName.problem(certificate.name()).isEmpty();
    }

    @Override
    public boolean pin(TenantLabel label) {
        return !ControlPlaneId.is(label.place(), label.text());
    }
}
