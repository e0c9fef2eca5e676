package io.konnectproxy.suggest;

/**
 * Requests that justify no rule. All text is escaped.
 *
 * @param detail the reason or outcome in the trail
 * @param last the time of the last one, in microseconds since 1970
 */
public record UnsuggestedRequest(WhyNot why, String client, String target, String detail, long count, long last) {}
