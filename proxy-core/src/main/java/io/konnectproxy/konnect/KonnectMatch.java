package io.konnectproxy.konnect;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import java.util.Optional;

/** The row that a host name matches, and the tenant label in it if the row has an open label. */
public record KonnectMatch(KonnectHost host, Optional<TenantLabel> label) {

    /** The control plane that the host belongs to; empty if the row has no control-plane label. */
    public Optional<TenantLabel> controlPlane() {
        return label.filter(filled -> filled.place() == OpenLabel.CONTROL_PLANE);
    }

    /** Whether a data plane sends its telemetry (tp) to the host. Otherwise it may get its configuration (cp) there. */
    public boolean isTelemetry() {
        return host.pattern().isTelemetry();
    }
}
