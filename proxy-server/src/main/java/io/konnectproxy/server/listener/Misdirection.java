package io.konnectproxy.server.listener;

import io.konnectproxy.wire.ProxyHeaderReader;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** Recognises first bytes that were meant for a listener with other settings. */
final class Misdirection {
    private Misdirection() {}

    static Optional<String> hint(ByteBuf firstBytes) {
        return ProxyHeaderReader.looksLikeHeader(firstBytes.nioBuffer())
                ? Optional.of("A PROXY header came from a peer that proxy-protocol of this listener does not name.")
                : Optional.empty();
    }
}
