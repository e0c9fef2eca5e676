package io.konnectproxy.trail;

import io.konnectproxy.archive.ArchiveKey;
import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.ObjectReader;
import io.konnectproxy.archive.StoredObject;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/**
 * An object of an archive. Its key says what is in it, which its lines must confirm.
 *
 * @param store is open as long as it is read
 */
record StoredFile(ObjectReader store, BucketUrl bucket, StoredObject object, ArchiveKey key) implements SegmentSource {
    @Override
    public String name() {
        return BucketUrl.SCHEME + bucket.bucket() + "/" + object.key();
    }

    @Override
    public long size() {
        return object.size();
    }

    @Override
    public SeekableByteChannel open() {
        return new ObjectChannel(store, object);
    }

    @Override
    public Optional<String> trailByName() {
        return Optional.of(key.trail());
    }
}
