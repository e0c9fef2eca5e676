package io.konnectproxy.archive;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Writes the objects of one bucket, and never over one that is there. Thread-safe. Calls block. */
public interface ObjectWriter extends ObjectReader {
    /**
     * Puts an object where there is none.
     *
     * @throws StoreException {@link StoreException.Kind#TAKEN} if there is one, whoever put it
     */
    void put(NewObject object) throws StoreException;

    /** What was put beside the bytes of an object; empty where there is none. Names are in lower case, without the store's prefix. */
    Optional<Map<String, String>> metadata(String key) throws StoreException;

    /** The lock that the store shows on an object; empty where it shows none, or there is no such object. */
    Optional<Retention> retention(String key) throws StoreException;

    /** What can be asked about the bucket without writing. */
    BucketFacts facts() throws StoreException;

    /**
     * How far this machine's clock was ahead of the store's at the last answer; negative where it was behind, zero before the first
     * one.
     */
    Duration clockAhead();

    /**
     * A bucket.
     *
     * @param region as the store says it; empty if it does not
     * @param lock empty if the rights to ask are not there
     */
    record BucketFacts(Optional<String> region, Optional<Lock> lock) {}

    /** Whether a bucket can hold locked objects. */
    enum Lock {
        ENABLED,
        ABSENT,
        /** The store does not know such a thing. */
        UNKNOWN_TO_STORE
    }

    /**
     * Until when nobody removes the object.
     *
     * @param compliance nobody at all; else those with the right to bypass it
     */
    record Retention(boolean compliance, Instant until) {}
}
