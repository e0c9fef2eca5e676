package io.konnectproxy.policy;

import java.util.Optional;

/**
 * What the policy says of a request, and whose rules it asked.
 *
 * @param entry the client's own, where it has such; also where they had no say in it
 */
public record Judgement(Verdict verdict, Optional<ClientEntry> entry) {}
