package io.konnectproxy.bench.siege;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/**
 * How much of an attack there is. Whatever the proxy closes is opened again, as Kong and real attackers do, as fast as it
 * may.
 *
 * @param network the first three numbers of the attackers' addresses
 * @param addresses how many attackers there are
 * @param each connections that each has open at once
 * @param perSecond connections that all of them open, at most
 */
record Load(String network, int addresses, int each, int perSecond) {
    Load {
        if (addresses < 1 || addresses > 254 || each < 1 || perSecond < 1) {
            throw new IllegalArgumentException("no load: " + addresses + " × " + each + ", " + perSecond + "/s");
        }
    }

    int most() {
        return addresses * each;
    }

    /** So little that it is about what happens, not about how much. */
    boolean isProbe() {
        return most() <= 2;
    }

    /** Less of the same, but not nothing. */
    Load share(double ofConnections, double ofRate) {
        return new Load(
                network, addresses, Math.max(1, (int) (each * ofConnections)), Math.max(1, (int) (perSecond * ofRate)));
    }

    /** Where an attacker comes from; any port. */
    InetSocketAddress source(int attacker) {
        return new InetSocketAddress(network + "." + (attacker + 1), 0);
    }

    /** One load as it is, several by their sums. */
    static String told(List<Load> loads) {
        if (loads.size() < 2) {
            return loads.isEmpty() ? "" : loads.get(0).toString();
        }
        int most = loads.stream().mapToInt(Load::most).sum();
        int perSecond = loads.stream().mapToInt(Load::perSecond).sum();
        return String.format(Locale.ROOT, "%,d in all, %,d/s", most, perSecond);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d × %d, %,d/s", addresses, each, perSecond);
    }
}
