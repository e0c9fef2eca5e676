package io.konnectproxy.server.doctor;

import io.konnectproxy.server.tls.Authorities;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/**
 * What a step compares with.
 *
 * @param redirect maps a permitted address to what is dialled; the identity, except with a stand-in for Konnect
 * @param authorities who may vouch for Konnect's certificates
 * @param clock the clock of this machine
 * @param patience how long peers may take
 */
public record Surroundings(
        UnaryOperator<InetSocketAddress> redirect, Authorities authorities, InstantSource clock, Patience patience) {

    /** Those of this machine. */
    public static Surroundings ofThisMachine() {
        return new Surroundings(
                UnaryOperator.identity(), Authorities.ofThisMachine(), InstantSource.system(), Patience.OF_KONG);
    }
}
