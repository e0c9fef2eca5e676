package io.konnectproxy.konnect;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import java.util.Optional;

/** A name that is a Konnect host: which row it is, and whose it is, where the row has an open label. */
public record KonnectMatch(KonnectHost host, Optional<TenantLabel> label) {

    /** The control plane whose host it is, where the row has such. */
    public Optional<TenantLabel> controlPlane() {
        return label.filter(filled -> filled.place() == OpenLabel.CONTROL_PLANE);
    }
}
