package io.konnectproxy.server.credentials;

/** What a user and a password are remembered by; see {@link PairKeys}. */
record PairKey(long first, long second, long third, long fourth) {}
