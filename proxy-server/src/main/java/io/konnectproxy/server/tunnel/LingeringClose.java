package io.konnectproxy.server.tunnel;

import io.konnectproxy.policy.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The last phase of a connection that is refused or cut off. It sends the reply or alert, half-closes, and discards
 * what still arrives until the client closes or a short time has passed (RFC 9112, section 9.6); then it closes.
 * Without the wait, unread bytes would cause a RST that may destroy the reply: a Kong data plane sends six more bytes
 * after any refusal. Where too many connections linger already, it closes directly after the reply.
 */
public final class LingeringClose extends ClientHandler {
    /** The time for the refusal to be recorded, shorter than the 5 s that a Kong data plane waits for the answer. */
    private static final Duration UNTIL_SAID = Duration.ofSeconds(4);

    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    private final boolean lingers;
    private Optional<Supplier<ByteBuf>> late = Optional.empty();
    private boolean said;

    public LingeringClose() {
        this(true);
    }

    private LingeringClose(boolean lingers) {
        this.lingers = lingers;
    }

    /** One that closes as soon as the reply is sent. */
    public static LingeringClose withoutLingering() {
        return new LingeringClose(false);
    }

    /**
     * Sets the reply for the case that {@link #say} was not called in time. Without one the connection is closed
     * without a reply.
     */
    public void sayAtLatest(Supplier<ByteBuf> lastWord) {
        late = Optional.of(lastWord);
    }

    @Override
    protected void onEntered() {
        within(UNTIL_SAID);
        context().read();
    }

    /** Sends the reply, which may be empty. Only the first call has an effect. */
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

    /** Closes without a reply. */
    public void leave() {
        context().close();
    }

    /** The client may have finished in an earlier phase, and then this phase gets no event for it. */
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
