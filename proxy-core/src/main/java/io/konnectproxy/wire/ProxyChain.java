package io.konnectproxy.wire;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The proxies of this kind that a request says it went through, the first one in front. Of its {@code Via} nothing else is kept:
 * other proxies' names are not needed to notice a loop.
 */
public record ProxyChain(List<ViaName> names) {
    /** More proxies in a row than anybody has on purpose. */
    public static final int MAX = 16;

    /** Of a request that came through no such proxy. */
    public static final ProxyChain EMPTY = new ProxyChain(List.of());

    public ProxyChain {
        names = List.copyOf(names);
    }

    /** Whether a request that this proxy would send on goes in a circle: it has been here, or has come too far. */
    public boolean isLoop(ViaName self) {
        return names.contains(self) || names.size() >= MAX;
    }

    /** The value of {@code Via} in a request that this proxy sends on. */
    public String via(ViaName self) {
        return Stream.concat(names.stream(), Stream.of(self))
                .map(name -> "1.1 " + name)
                .collect(Collectors.joining(", "));
    }
}
