package io.konnectproxy.bench.micro;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.policy.EgressPolicy;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The check of one resolved address before it is dialled. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AddressCheckBenchmark {
    @Param
    public Resolved resolved = Resolved.PUBLIC_IPV4;

    private InetAddress address = InetAddress.getLoopbackAddress();
    private AddressCheck check = new AddressCheck(List.of(), Set.of(), Set.of());

    /** What DNS has answered. */
    public enum Resolved {
        PUBLIC_IPV4("35.162.14.7", true),
        PUBLIC_IPV6("2600:1f14:e4a:1::7", true),
        PRIVATE_IPV4("192.168.7.7", false),
        METADATA_IN_NAT64("64:ff9b::a9fe:a9fe", false),
        PRIVATE_IN_LOCAL_NAT64("64:ff9b:1::192.168.7.7", false),
        PUBLIC_IN_6TO4("2002:23a2:e07::1", false),
        LOOPBACK_IN_TEREDO("2001:0:23a2:e07::80ff:fffe", false);

        private final String text;
        private final boolean dialled;

        Resolved(String text, boolean dialled) {
            this.text = text;
            this.dialled = dialled;
        }
    }

    @Setup
    public void resolve() {
        address = Policies.address(resolved.text);
        check = new AddressCheck(
                List.of(Cidr.parse("10.20.0.0/16")),
                Set.of(Policies.address("127.0.0.1"), Policies.address("10.0.0.5")),
                Set.of(Policies.address("0.0.0.0", 3128)));
        if (check() instanceof CheckedAddress != resolved.dialled) {
            throw new IllegalStateException(resolved + ": " + check());
        }
    }

    @Benchmark
    public AddressCheck.Finding check() {
        return check.check(address, EgressPolicy.PORT);
    }
}
