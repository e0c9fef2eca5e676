package io.konnectproxy.server.credentials;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that the users file has changed, and reads it anew. A broken one changes nothing, and is complained of once. */
final class UsersWatch {
    private static final Logger log = LoggerFactory.getLogger(UsersWatch.class);

    private final String file;
    private UsersFile users;
    /** What was judged last, and what was seen last: that may still be half of what somebody is writing. */
    private Look judged;

    private Look seen;

    /** What a look found: the bytes, or why there are none. */
    private record Look(Optional<byte[]> bytes, String problem) {
        static Look at(String file) {
            try {
                return new Look(Optional.of(UsersFile.bytes(file)), "");
            } catch (IllegalArgumentException e) {
                return new Look(Optional.empty(), String.valueOf(e.getMessage()));
            }
        }

        UsersFile users() {
            return UsersFile.parse(bytes.orElseThrow(() -> new IllegalArgumentException(problem)));
        }

        boolean isSameAs(Look other) {
            return Arrays.equals(bytes.orElse(null), other.bytes.orElse(null)) && problem.equals(other.problem);
        }
    }

    /** @throws IllegalArgumentException as {@link UsersFile#read} does */
    UsersWatch(String file) {
        this.file = file;
        this.judged = Look.at(file);
        this.seen = judged;
        this.users = judged.users();
    }

    synchronized UsersFile users() {
        return users;
    }

    /**
     * Looks at the file.
     *
     * @param atOnce whether a change counts right away; else it does once a second look has found the same
     * @param changed is given other users than before
     */
    synchronized void look(boolean atOnce, Consumer<UsersFile> changed) {
        Look now = Look.at(file);
        boolean settled = atOnce || now.isSameAs(seen);
        seen = now;
        if (!settled || now.isSameAs(judged)) {
            return;
        }
        judged = now;
        try {
            UsersFile read = now.users();
            tell(read);
            users = read;
            changed.accept(read);
        } catch (IllegalArgumentException e) {
            log.warn("{} {}. The users that were read before stay.", file, e.getMessage());
        }
    }

    private void tell(UsersFile read) {
        Set<String> added = new HashSet<>(read.names());
        added.removeAll(users.names());
        Set<String> gone = new HashSet<>(users.names());
        gone.removeAll(read.names());
        log.info(
                "{} was read anew: {} users, {} of them new; {} are gone.",
                file,
                read.names().size(),
                added.size(),
                gone.size());
    }
}
