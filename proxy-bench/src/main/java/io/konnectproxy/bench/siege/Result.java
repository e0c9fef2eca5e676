package io.konnectproxy.bench.siege;

import java.util.List;

/**
 * What was seen of one attack.
 *
 * @param opened connections that the attackers began
 * @param peak most that was resident during the attack, in bytes
 * @param processors that the proxy kept busy
 * @param rest memory after the attack; what could not be asked is 0
 * @param settled seconds until the honest were served and all sockets of the attack were gone
 * @param faults why the proxy has not held; empty if it has
 */
record Result(
        String id,
        String what,
        String load,
        long opened,
        HonestFigures honest,
        long peak,
        double processors,
        Memory rest,
        double settled,
        TrailGrowth trail,
        List<String> faults) {
    Result {
        faults = List.copyOf(faults);
    }
}
