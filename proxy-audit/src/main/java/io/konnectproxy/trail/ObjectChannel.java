package io.konnectproxy.trail;

import io.konnectproxy.archive.ObjectReader;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.archive.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object as it was listed. After a broken connection it goes on where it was: {@value #MOST_IN_A_ROW} times without a byte in
 * between, {@value #MOST_FAILURES} times with less than {@value #MUCH} bytes. Any number of times with more: a store closes a connection
 * that rests, and where many trails are read side by side each one rests. Not thread-safe.
 */
final class ObjectChannel implements SeekableByteChannel {
    private static final int MOST_IN_A_ROW = 5;
    private static final int MOST_FAILURES = 100;
    /** Bytes. */
    static final int MUCH = 8 * 1024;

    /** Before the second attempt; doubled each time. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final ObjectReader store;
    private final StoredObject object;
    private @Nullable InputStream in;
    private long position;
    /** Where the present connection began. */
    private long begun;

    private byte[] block = {};
    private int inARow;
    private int failures;
    private boolean open = true;

    ObjectChannel(ObjectReader store, StoredObject object) {
        this.store = store;
        this.object = object;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        while (position < object.size()) {
            try {
                int read = stream().read(array(to), 0, (int) Math.min(to.remaining(), object.size() - position));
                if (read > 0) {
                    taken(to, read);
                    return read;
                }
                failed(new IOException("the connection ended " + (object.size() - position) + " bytes early"));
            } catch (ChangedObjectException e) {
                throw e;
            } catch (IOException e) {
                failed(e);
            }
        }
        return -1;
    }

    private InputStream stream() throws IOException {
        if (in == null) {
            try {
                in = store.open(object, position);
                begun = position;
            } catch (StoreException e) {
                switch (e.kind()) {
                    case ABSENT, CHANGED -> throw new ChangedObjectException(String.valueOf(e.getMessage()));
                    case TROUBLE -> throw new IOException(e.getMessage(), e);
                    default -> {
                        failures = MOST_FAILURES;
                        throw new IOException(e.getMessage(), e);
                    }
                }
            }
        }
        return in;
    }

    private byte[] array(ByteBuffer to) {
        if (block.length < to.remaining()) {
            block = new byte[to.remaining()];
        }
        return block;
    }

    private void taken(ByteBuffer to, int read) {
        to.put(block, 0, read);
        position += read;
        inARow = 0;
    }

    /** The range from here on is asked for again, after a growing pause. */
    private void failed(IOException problem) throws IOException {
        boolean much = in != null && position - begun >= MUCH;
        drop();
        failures += much ? 0 : 1;
        if (++inARow > MOST_IN_A_ROW || failures > MOST_FAILURES) {
            // Never one that means a damaged file.
            throw new IOException(FileWords.reason(problem), problem);
        }
        if (!much) {
            LockSupport.parkNanos(PAUSE << (inARow - 1));
        }
    }

    private void drop() {
        InputStream left = in;
        in = null;
        if (left != null) {
            try {
                left.close();
            } catch (IOException e) {
                // It was only read.
                return;
            }
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long to) {
        if (to != position) {
            drop();
            position = to;
        }
        return this;
    }

    @Override
    public long size() {
        return object.size();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        drop();
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }
}
