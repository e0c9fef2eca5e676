package io.konnectproxy.policy;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.TenantLabel;
import java.util.Set;

/**
 * What some clients may reach, in place of what all may.
 *
 * @param name stands in the audit line
 * @param pins the only control planes, portals and tenants that may be reached; of which there is none, any tenant's may
 */
public record ClientEntry(String name, Match match, Set<Region> regions, Set<Purpose> purposes, Set<TenantLabel> pins) {
    public ClientEntry {
        regions = Set.copyOf(regions);
        purposes = Set.copyOf(purposes);
        pins = Set.copyOf(pins);
    }

    /** Whom an entry is for: exactly one thing. */
    public sealed interface Match {
        /** {@code user dp-payments}, {@code source 10.0.0.0/8}. */
        String words();

        /** Whoever knows this user's password; the name is compared as it is, letter case included. */
        record User(String name) implements Match {
            @Override
            public String words() {
                return "user " + name;
            }
        }

        /**
         * Whoever has a certificate with this common name or alternative name. Letter case does not count in ASCII, since
         * most of these are names of DNS; every other character does.
         */
        record Certificate(String name) implements Match {
            @Override
            public String words() {
                return "certificate " + name;
            }
        }

        /** Whoever comes from there; a block of IPv4 is for IPv4-mapped IPv6 addresses too. */
        record Source(Cidr block) implements Match {
            @Override
            public String words() {
                return "source " + block;
            }
        }
    }
}
