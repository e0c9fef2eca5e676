package io.konnectproxy.server.credentials;

import io.konnectproxy.text.NotTextException;
import io.konnectproxy.text.TextDecoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Users and the bcrypt hashes of their passwords, from an htpasswd file: lines {@code name:$2y$…}, empty lines, and
 * comments that begin with {@code #}.
 */
public final class UsersFile {
    /** Enough for ten thousand users. */
    private static final int MAX_BYTES = 1 << 20;
    /** Below this cost, passwords chosen by people are soon guessed from stolen hashes. */
    private static final int STRONG_COST = 10;

    private final Map<String, BcryptHash> hashes;

    private UsersFile(Map<String, BcryptHash> hashes) {
        this.hashes = Collections.unmodifiableMap(hashes);
    }

    /**
     * Reads a file with at least one user.
     *
     * @throws IllegalArgumentException with the rest of a sentence that begins with the name of the file; it contains no
     *     password and no hash
     */
    public static UsersFile read(String file) {
        return parse(bytes(file));
    }

    /** The content of the file; throws as {@link #read} does. */
    static byte[] bytes(String file) {
        Path path;
        try {
            path = Path.of(file);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is no name that a file can have", e);
        }
        if (!Files.isRegularFile(path)) {
            throw new IllegalArgumentException("is no file; make it with 'konnect-proxy user NAME --file FILE'");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length <= MAX_BYTES) {
                return bytes;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read; check its permissions", e);
        }
        throw new IllegalArgumentException("is larger than 1 MiB");
    }

    static UsersFile parse(byte[] bytes) {
        List<String> lines = List.of(text(bytes).split("\n", -1));
        Map<String, BcryptHash> hashes = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    add(line, hashes);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("has in line " + (i + 1) + " " + e.getMessage(), e);
                }
            }
        }
        if (hashes.isEmpty()) {
            throw new IllegalArgumentException("names no user; add one with 'konnect-proxy user NAME --file FILE'");
        }
        return new UsersFile(hashes);
    }

    private static String text(byte[] bytes) {
        try {
            return TextDecoding.of(bytes);
        } catch (NotTextException e) {
            throw new IllegalArgumentException(
                    e.line() == 0 ? e.getMessage() : "has in line " + e.line() + " " + e.what(), e);
        }
    }

    private static void add(String line, Map<String, BcryptHash> hashes) {
        int colon = line.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("no colon; a name, a colon and a bcrypt hash are needed");
        }
        String name = line.substring(0, colon);
        UserName.problem(name).ifPresent(problem -> {
            throw new IllegalArgumentException("a name that is none: it " + problem);
        });
        if (hashes.put(name, BcryptHash.parse(line.substring(colon + 1))) != null) {
            throw new IllegalArgumentException("a user who is there before; keep one of the two lines");
        }
    }

    /** The names of the users, in the order of the file. */
    public Set<String> names() {
        return hashes.keySet();
    }

    /** Users whose hash has a cost below {@link #STRONG_COST}. */
    public List<String> cheaplyHashed() {
        return hashes.entrySet().stream()
                .filter(entry -> entry.getValue().cost() < STRONG_COST)
                .map(Map.Entry::getKey)
                .toList();
    }

    Optional<BcryptHash> hash(String name) {
        return Optional.ofNullable(hashes.get(name));
    }

    /** Whether both files have this user with the same hash. */
    boolean hasSame(String name, UsersFile other) {
        BcryptHash here = hashes.get(name);
        BcryptHash there = other.hashes.get(name);
        return here != null && there != null && here.text().equals(there.text());
    }

    /** One of the hashes, chosen by the number. */
    BcryptHash any(long number) {
        List<BcryptHash> all = List.copyOf(hashes.values());
        return all.get((int) Long.remainderUnsigned(number, all.size()));
    }
}
