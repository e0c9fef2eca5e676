package io.konnectproxy.server.credentials;

/** The key of a pair of user and password in caches; made by {@link PairKeys}. */
record PairKey(long first, long second, long third, long fourth) {}
