package io.konnectproxy.suggest;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.policy.ClientEntry.Match;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Joins neighbouring client addresses with the same needs in one block: the smallest one that holds them, at most an IPv4 /24
 * or an IPv6 /48, and none that holds an address with other needs, or with none.
 */
final class ClientBlocks {
    private static final int WIDEST_IPV4 = 24;
    private static final int WIDEST_IPV6 = 48;

    private final Map<KnownClient, Needs> needs;
    private final boolean join;
    private final List<EntryCandidate> found = new ArrayList<>();

    private ClientBlocks(Map<KnownClient, Needs> needs, boolean join) {
        this.needs = needs;
        this.join = join;
    }

    /**
     * @param clients all that are known by an address
     * @param needs of those that have any
     * @param join whether all addresses of the trail are known
     */
    static List<EntryCandidate> of(Collection<KnownClient> clients, Map<KnownClient, Needs> needs, boolean join) {
        ClientBlocks blocks = new ClientBlocks(needs, join);
        for (int length : new int[] {4, 16}) {
            List<KnownClient> family = clients.stream()
                    .filter(client -> bytes(client).length == length)
                    .sorted(Comparator.comparing(ClientBlocks::bytes, Arrays::compareUnsigned))
                    .toList();
            blocks.add(family);
        }
        return blocks.found;
    }

    private void add(List<KnownClient> sorted) {
        if (sorted.isEmpty()) {
            return;
        }
        int common = commonPrefix(sorted);
        Needs first = needs.get(sorted.get(0));
        boolean alike = first == null
                ? sorted.stream().noneMatch(needs::containsKey)
                : sorted.stream().allMatch(client -> first.equals(needs.get(client)));
        if (alike && first == null) {
            return;
        }
        if (sorted.size() == 1 || (alike && join && common >= widest(sorted.get(0)))) {
            found.add(new EntryCandidate(new Match.Source(block(sorted.get(0), common)), sorted, first));
            return;
        }
        int middle = 1;
        while (bit(bytes(sorted.get(middle)), common) == 0) {
            middle++;
        }
        add(sorted.subList(0, middle));
        add(sorted.subList(middle, sorted.size()));
    }

    private static int widest(KnownClient client) {
        return bytes(client).length == 4 ? WIDEST_IPV4 : WIDEST_IPV6;
    }

    /** The bits that the first and the last one share, and with them all between. */
    private static int commonPrefix(List<KnownClient> sorted) {
        Cidr first = block(sorted.get(0));
        byte[] one = bytes(sorted.get(0));
        byte[] other = bytes(sorted.get(sorted.size() - 1));
        int common = 0;
        while (common < first.prefixLength() && bit(one, common) == bit(other, common)) {
            common++;
        }
        return common;
    }

    private static Cidr block(KnownClient client, int prefixLength) {
        byte[] network = bytes(client).clone();
        for (int i = prefixLength; i < network.length * 8; i++) {
            network[i / 8] &= (byte) ~(0x80 >> i % 8);
        }
        try {
            return new Cidr(InetAddress.getByAddress(network), prefixLength);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the JDK rejects an address of 4 or 16 bytes", e);
        }
    }

    private static int bit(byte[] bytes, int index) {
        return bytes[index / 8] >> (7 - index % 8) & 1;
    }

    private static byte[] bytes(KnownClient client) {
        return block(client).network().getAddress();
    }

    private static Cidr block(KnownClient client) {
        return ((Match.Source) client.match()).block();
    }
}
