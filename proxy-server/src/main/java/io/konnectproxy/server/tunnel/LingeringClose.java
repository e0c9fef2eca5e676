package io.konnectproxy.server.tunnel;

import io.konnectproxy.policy.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The end of a connection that is refused or cut: says the last word, half-closes, discards what still comes until the
 * client closes or a moment has passed (RFC 9112, section 9.6), then closes. Nothing that comes now is ever looked at; a
 * Kong data plane sends six more bytes after any refusal. Or says the last word and closes, where too many stay already.
 */
public final class LingeringClose extends ClientHandler {
    /** For the decision to be recorded; a Kong data plane waits 5 s for the answer. */
    private static final Duration UNTIL_SAID = Duration.ofSeconds(4);

    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    private final boolean lingers;
    private Optional<Supplier<ByteBuf>> late = Optional.empty();
    private boolean said;

    /** One that lingers. */
    public LingeringClose() {
        this(true);
    }

    private LingeringClose(boolean lingers) {
        this.lingers = lingers;
    }

    /** One that closes as soon as the last word has left. */
    public static LingeringClose withoutLingering() {
        return new LingeringClose(false);
    }

    /** What is said if nothing else could be said in time. Else the client reads nothing then. */
    public void sayAtLatest(Supplier<ByteBuf> lastWord) {
        late = Optional.of(lastWord);
    }

    @Override
    protected void onEntered() {
        within(UNTIL_SAID);
        context().read();
    }

    /** Once, with nothing to say where the client would not understand it. */
    public void say(ByteBuf lastWord) {
        if (said) {
            lastWord.release();
            return;
        }
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
    public void leave() {
        context().close();
    }

    /** The client may have finished in an earlier phase: then nobody tells this one. */
    private boolean clientFinished() {
        return ((SocketChannel) context().channel()).isInputShutdown();
    }

    @Override
    protected void onBytes(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    protected boolean wantsMore() {
        return !clientFinished();
    }

    @Override
    protected void onCrowded(Refusal refusal) {
        context().close();
    }

    @Override
    protected void onClientFinished() {
        if (said) {
            context().close();
        }
    }

    @Override
    protected void onClosed() {}

    @Override
    protected void onFailure(Throwable cause) {
        context().close();
    }

    @Override
    protected void onDeadline() {
        if (!said && late.isPresent()) {
            say(late.get().get());
        } else {
            context().close();
        }
    }

    @Override
    protected void onDrain(Drain drain) {
        if (drain == Drain.END) {
            context().close();
        }
    }
}
