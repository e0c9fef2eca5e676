package io.konnectproxy.suggest;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.policy.ClientEntry.Match;
import java.util.Set;

/** Makes the names of suggested entries: letters, digits, dots and hyphens, whatever a client is called. */
final class EntryName {
    private static final int LONGEST = 50;

    private EntryName() {}

    /** @param taken the names so far, to which this one is added */
    static String of(Match match, Set<String> taken) {
        String name = plain(whom(match));
        String unique = name;
        for (int number = 2; !taken.add(unique); number++) {
            unique = name + "-" + number;
        }
        return unique;
    }

    private static String whom(Match match) {
        if (match instanceof Match.User user) {
            return user.name();
        }
        return match instanceof Match.Certificate certificate
                ? certificate.name()
                : block(((Match.Source) match).block());
    }

    /** Of one client without the length of its prefix. */
    private static String block(Cidr block) {
        String text = block.toString();
        return block.prefixLength() == 32 || block.prefixLength() == ClientNetwork.IPV6_PREFIX
                ? text.substring(0, text.indexOf('/'))
                : text;
    }

    private static String plain(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[._-]+|[._-]+$", "");
        String cut = plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST);
        return cut.isEmpty() ? "client" : cut;
    }
}
