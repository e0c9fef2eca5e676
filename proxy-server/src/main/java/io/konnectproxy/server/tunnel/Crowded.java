package io.konnectproxy.server.tunnel;

import io.konnectproxy.policy.Refusal;

/**
 * Fired through the pipeline of a client connection that has to go, because too many have no verdict.
 *
 * @param refusal which bound was reached
 */
public record Crowded(Refusal refusal) {}
