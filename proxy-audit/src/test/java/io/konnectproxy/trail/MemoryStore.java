package io.konnectproxy.trail;

import io.konnectproxy.archive.ObjectReader;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.archive.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Objects in memory, with a listing of small pages, and connections that break when a test wants it. */
public final class MemoryStore implements ObjectReader {
    private static final int PAGE = 3;

    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger listed = new AtomicInteger();
    /** How many bytes a connection carries; negative if it does not break. */
    private volatile int breaksAfter = -1;

    private volatile Runnable onList = () -> {};
    private volatile Runnable onOpen = () -> {};
    private volatile UnaryOperator<List<StoredObject>> pages = page -> page;

    public MemoryStore put(String key, byte[] bytes) {
        objects.put(key, bytes.clone());
        return this;
    }

    public MemoryStore put(String key, String text) {
        return put(key, text.getBytes(StandardCharsets.US_ASCII));
    }

    public byte[] get(String key) {
        return objects.get(key).clone();
    }

    public void remove(String key) {
        if (objects.remove(key) == null) {
            throw new IllegalArgumentException(key);
        }
    }

    /** What {@code aws s3 sync} makes of it. */
    public void sync(Path directory) {
        objects.forEach((key, bytes) -> {
            try {
                Path file = directory.resolve(key);
                Files.createDirectories(file.getParent());
                Files.write(file, bytes);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    void breakAfter(int bytes) {
        breaksAfter = bytes;
    }

    void onList(Runnable action) {
        onList = action;
    }

    void onOpen(Runnable action) {
        onOpen = action;
    }

    /** A store that lies about its listing. */
    void listAs(UnaryOperator<List<StoredObject>> lie) {
        pages = lie;
    }

    int opened() {
        return opened.get();
    }

    int listed() {
        return listed.get();
    }

    @Override
    public List<StoredObject> list(String prefix, String after) {
        listed.incrementAndGet();
        onList.run();
        return pages.apply(objects.tailMap(after, false).entrySet().stream()
                .filter(object -> object.getKey().startsWith(prefix))
                .limit(PAGE)
                .map(object -> stored(object.getKey(), object.getValue()))
                .toList());
    }

    private static StoredObject stored(String key, byte[] bytes) {
        return new StoredObject(key, TrailBuilder.sha256(bytes), bytes.length, Instant.EPOCH);
    }

    @Override
    public InputStream open(StoredObject object, long from) throws StoreException {
        opened.incrementAndGet();
        onOpen.run();
        byte[] bytes = objects.get(object.key());
        if (bytes == null) {
            throw new StoreException(StoreException.Kind.ABSENT, "there is no such object");
        }
        if (!stored(object.key(), bytes).etag().equals(object.etag())) {
            throw new StoreException(StoreException.Kind.CHANGED, "it is another object by now");
        }
        InputStream rest = new ByteArrayInputStream(bytes, (int) from, (int) (bytes.length - from));
        return breaksAfter < 0 ? rest : new BreakingStream(rest, breaksAfter);
    }

    private static final class BreakingStream extends FilterInputStream {
        private int left;

        BreakingStream(InputStream in, int left) {
            super(in);
            this.left = left;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                throw new IOException("Connection reset");
            }
            int read = super.read(into, offset, Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
    }

    @Override
    public Optional<StoredObject> find(String key) {
        return Optional.ofNullable(objects.get(key)).map(bytes -> stored(key, bytes));
    }

    /** All keys that end so. */
    Stream<String> keys() {
        return objects.keySet().stream();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
