package io.konnectproxy.server.tunnel;

import io.konnectproxy.policy.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;

/**
 * The end of a connection that is refused or cut: says the last word, half-closes, discards what still comes until the
 * client closes or a moment has passed (RFC 9112, section 9.6), then closes. Nothing that comes now is ever looked at; a
 * Kong data plane sends six more bytes after any refusal. Or says the last word and closes, where too many stay already.
 */
final class Farewell extends ClientHandler {
    /** For the decision to be recorded; a Kong data plane waits 5 s for the answer. */
    private static final Duration UNTIL_SAID = Duration.ofSeconds(4);

    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    private final boolean lingers;
    private boolean said;

    /** One that lingers. */
    Farewell() {
        this(true);
    }

    private Farewell(boolean lingers) {
        this.lingers = lingers;
    }

    /** One that closes as soon as the last word has left. */
    static Farewell withoutLingering() {
        return new Farewell(false);
    }

    @Override
    void onEntered() {
        within(UNTIL_SAID);
        context().read();
    }

    /** Once, with nothing to say where the client would not understand it. */
    void say(ByteBuf lastWord) {
        said = true;
        within(AFTERWARDS);
        context().writeAndFlush(lastWord).addListener(written -> {
            if (!written.isSuccess() || clientFinished() || !lingers) {
                context().close();
            } else {
                HalfClose.tell(context().channel()).addListener(told -> {
                    if (!told.isSuccess()) {
                        context().close();
                    }
                });
            }
        });
    }

    /** Says nothing. */
    void leave() {
        context().close();
    }

    /** The client may have finished in an earlier phase: then nobody tells this one. */
    private boolean clientFinished() {
        return ((SocketChannel) context().channel()).isInputShutdown();
    }

    @Override
    void onBytes(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    boolean wantsMore() {
        return !clientFinished();
    }

    @Override
    void onCrowded(Refusal refusal) {
        context().close();
    }

    @Override
    void onClientFinished() {
        if (said) {
            context().close();
        }
    }

    @Override
    void onClosed() {}

    @Override
    void onFailure(Throwable cause) {
        context().close();
    }

    @Override
    void onDeadline() {
        context().close();
    }

    @Override
    void onDrain(Drain drain) {
        if (drain == Drain.END) {
            context().close();
        }
    }
}
