package io.konnectproxy.policy;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.TenantLabel;
import java.util.Set;

/**
 * The rules of some clients, in place of the rules of all clients.
 *
 * @param name the name of the entry in the audit line
 * @param pins the only control planes, portals and tenants that may be reached; a kind without a pin is not restricted
 */
public record ClientEntry(String name, Match match, Set<Region> regions, Set<Purpose> purposes, Set<TenantLabel> pins) {
    public ClientEntry {
        regions = Set.copyOf(regions);
        purposes = Set.copyOf(purposes);
        pins = Set.copyOf(pins);
    }

    /** The one criterion by which an entry matches clients. */
    public sealed interface Match {
        /** {@code user dp-payments}, {@code source 10.0.0.0/8}. */
        String words();

        /** Clients that authenticate as this user. The name is case-sensitive. */
        record User(String name) implements Match {
            @Override
            public String words() {
                return "user " + name;
            }
        }

        /**
         * Clients with a certificate that has this common name or alternative name. ASCII letters are compared
         * case-insensitively, because most of these are DNS names; all other characters are compared exactly.
         */
        record Certificate(String name) implements Match {
            @Override
            public String words() {
                return "certificate " + name;
            }

            /**
             * The form in which names are compared. Folds ASCII letters only, like DNS (RFC 4343), so that no other character
             * becomes one of them.
             */
            public static String folded(String name) {
                StringBuilder folded = new StringBuilder(name);
                for (int i = 0; i < folded.length(); i++) {
                    char c = folded.charAt(i);
                    if (c >= 'A' && c <= 'Z') {
                        folded.setCharAt(i, (char) (c - 'A' + 'a'));
                    }
                }
                return folded.toString();
            }
        }

        /** Clients with an address in this block. An IPv4 block also matches IPv4-mapped IPv6 addresses. */
        record Source(Cidr block) implements Match {
            @Override
            public String words() {
                return "source " + block;
            }
        }
    }
}
