package io.konnectproxy.suggest;

/**
 * How much a rule was used, by what justifies it.
 *
 * @param last the time of the last tunnel, in microseconds since 1970
 */
public record JustifiedUse(long tunnels, long clients, long last) {}
