package io.konnectproxy.archive;

import java.io.Closeable;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Reads the objects of one bucket. Thread-safe. Calls block. */
public interface ObjectReader extends Closeable {
    /**
     * One page of the objects, in the order of their keys (UTF-8).
     *
     * @param prefix of their keys; empty for all
     * @param after the key after which the page begins; empty for the first one
     * @return at most 1,000; empty after the last one
     */
    List<StoredObject> list(String prefix, String after) throws StoreException;

    /**
     * The object's bytes. An {@link java.io.IOException} while they are read is a trouble of the network, not of the content.
     *
     * @param from the offset of the first byte
     * @throws StoreException {@link StoreException.Kind#CHANGED} if it is no longer the object that was listed
     */
    InputStream open(StoredObject object, long from) throws StoreException;

    /** The object under a key; empty where there is none. */
    Optional<StoredObject> find(String key) throws StoreException;

    @Override
    void close();
}
