package io.konnectproxy.server.config;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The content of the files of a listener when the configuration was read; they may have changed since.
 *
 * @param identity empty for a plaintext listener
 * @param users empty if no credentials are required
 */
public record ListenerFacts(Optional<Identity> identity, Optional<UserFacts> users) {
    /** Of a plaintext listener without credentials. */
    ListenerFacts() {
        this(Optional.empty(), Optional.empty());
    }

    /**
     * The certificate of a TLS listener.
     *
     * @param names the DNS names and IP addresses in the certificate
     * @param notAfter when the first certificate of the chain expires
     * @param warnings sentences about flaws that clients accept
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
     * @param cheaplyHashed users whose bcrypt cost is too low to protect the password if the file is stolen
     */
    public record UserFacts(Set<String> names, List<String> cheaplyHashed) {
        public UserFacts {
            names = Set.copyOf(names);
            cheaplyHashed = List.copyOf(cheaplyHashed);
        }
    }
}
