package io.konnectproxy.archive;

import java.time.Instant;

/**
 * An object as a listing shows it.
 *
 * @param key whole, with the prefix of the bucket
 * @param etag changes with the content
 * @param size bytes
 */
public record StoredObject(String key, String etag, long size, Instant modified) {}
