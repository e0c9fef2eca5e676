package io.konnectproxy.konnect;

import java.util.Optional;

/** A name that is a Konnect host: which row it is, and whose control plane, where the row has one. */
public record KonnectMatch(KonnectHost host, Optional<ControlPlane> controlPlane) {}
