package io.konnectproxy.server.soak;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** A data plane of a storm: opens its tunnel, has a few bytes echoed, and stays until one side has enough. */
final class StayingVisit extends Visit {
    private static final byte[] FEW = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    private final CompletableFuture<Void> served = new CompletableFuture<>();
    private byte[] echoed = {};

    StayingVisit(byte[] head, byte[] hello) {
        super(head, hello);
        done().whenComplete((nothing, failure) -> {
            if (failure != null) {
                served.completeExceptionally(failure);
            }
        });
    }

    /** Completed when its bytes have come back, or with what went wrong. */
    CompletableFuture<Void> served() {
        return served;
    }

    @Override
    void onOpen() {
        say(Order.ECHO.bytes(FEW.length));
        say(FEW);
    }

    @Override
    void onBytes(ByteBuf bytes) {
        byte[] more = ByteBufUtil.getBytes(bytes);
        int before = echoed.length;
        echoed = Arrays.copyOf(echoed, before + more.length);
        System.arraycopy(more, 0, echoed, before, more.length);
        if (Arrays.equals(echoed, FEW)) {
            served.complete(null);
        } else if (echoed.length >= FEW.length) {
            fail("other bytes came back: " + Arrays.toString(echoed));
        }
    }

    @Override
    void onEnd() {
        over();
    }

    @Override
    void onReset() {
        over();
    }

    /** Sent away by the other side, which only counts as a failure where it had not been served. */
    private void over() {
        if (served.isDone()) {
            succeed();
        } else {
            fail("cut off before it was served");
        }
    }

    void leave() {
        context().channel().eventLoop().execute(this::succeed);
    }

    @Override
    public String toString() {
        return "data plane";
    }
}
