package io.konnectproxy.server.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Is told why it may not stay, and closes when the proxy has finished. */
final class TurnedAwayVisit extends Visit {
    private final Kind kind;
    private final String wanted;
    private final StringBuilder heard = new StringBuilder();

    /**
     * @param wanted how the proxy's last word begins
     */
    TurnedAwayVisit(Kind kind, byte[] head, byte @Nullable [] hello, String wanted) {
        super(head, hello);
        this.kind = kind;
        this.wanted = wanted;
    }

    @Override
    void onOpen() {}

    @Override
    void onBytes(ByteBuf bytes) {
        heard.append(bytes.readCharSequence(bytes.readableBytes(), ISO_8859_1));
    }

    @Override
    void onEnd() {
        if (heard.length() > 0 && heard.toString().startsWith(wanted)) {
            succeed();
        } else {
            fail("heard '" + heard + "'");
        }
    }

    @Override
    public String toString() {
        return kind.toString();
    }
}
