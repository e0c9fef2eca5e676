package io.konnectproxy.policy;

import java.util.Optional;

/**
 * The verdict about a request, and the client's entry.
 *
 * @param entry the entry of the client; present even if its rules did not affect the verdict
 */
public record Judgement(Verdict verdict, Optional<ClientEntry> entry) {}
