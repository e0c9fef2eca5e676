package io.konnectproxy.server.tunnel;

import io.konnectproxy.policy.Refusal;

/**
 * Fired through the pipeline of a client connection that must close, because too many have no verdict or were refused.
 *
 * @param refusal which bound was reached
 */
public record Crowded(Refusal refusal) {}
