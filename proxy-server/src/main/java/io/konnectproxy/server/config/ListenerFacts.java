package io.konnectproxy.server.config;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the files of a listener were found to hold when the configuration was read; they may be others by now.
 *
 * @param identity empty for a plain listener
 * @param users those who may come in with a password; empty where none is demanded
 */
public record ListenerFacts(Optional<Identity> identity, Optional<UserFacts> users) {
    /** Of a plain listener that demands no password. */
    ListenerFacts() {
        this(Optional.empty(), Optional.empty());
    }

    /**
     * The certificate of a TLS listener.
     *
     * @param names what clients may call the listener
     * @param notAfter the moment from which it, or one that leads to its authority, is not valid any more
     * @param warnings what is not as it should be, though clients accept it: sentences
     */
    public record Identity(List<String> names, Instant notAfter, List<String> warnings) {
        public Identity {
            names = List.copyOf(names);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The users of a listener.
     *
     * @param cheaplyHashed those whose password is soon found by whoever gets hold of the file
     */
    public record UserFacts(Set<String> names, List<String> cheaplyHashed) {
        public UserFacts {
            names = Set.copyOf(names);
            cheaplyHashed = List.copyOf(cheaplyHashed);
        }
    }
}
