package io.konnectproxy.server.splice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is lent comes back, and no more than that is ever open. */
class PipesTest {
    private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;
    private static final int EPERM = 1;
    private static final int EMFILE = 24;

    private final CountedCalls calls = new CountedCalls();
    private final Pipes pipes = Pipes.with(calls, 2, 1);
    private SocketChannel here;
    private SocketChannel there;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            there = SocketChannel.open(listener.getLocalAddress());
            here = listener.accept();
            here.configureBlocking(false);
        }
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        here.close();
        there.close();
        pipes.close();
        assertThat(pipes.open()).isZero();
        assertThat(calls.open()).isZero();
    }

    private PipedBytes lent() {
        return Objects.requireNonNull(pipes.lend(ALLOCATOR, 1000));
    }

    /** One that has read these bytes. */
    private PipedBytes filled(String bytes) throws IOException {
        there.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.US_ASCII)));
        awaitReadable();
        PipedBytes lent = lent();
        assertThat(lent.writeBytes(here, lent.writableBytes())).isEqualTo(bytes.length());
        return lent;
    }

    /** What one end says, the other one has, but for a busy machine perhaps a moment later. */
    private void awaitReadable() throws IOException {
        try (Selector selector = Selector.open()) {
            here.register(selector, SelectionKey.OP_READ);
            selector.select();
        }
    }

    private String received() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        there.read(buffer);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    }

    @Test
    void moves_the_bytes_of_a_socket_into_a_socket() throws IOException {
        int[] progress = new int[1];
        PipedRegion region = filled("hello").region(() -> progress[0]++);
        assertThat(region.count()).isEqualTo(5);
        assertThat(region.left()).isEqualTo(5);
        assertThat(region.transferTo(here, 0)).isEqualTo(5);
        assertThat(region.transferred()).isEqualTo(5);
        assertThat(region.left()).isZero();
        assertThat(progress[0]).isEqualTo(1);
        assertThat(received()).isEqualTo("hello");
        region.release();
        assertThat(pipes.open()).isEqualTo(1);
    }

    @Test
    void tells_no_end_of_a_stream() throws IOException {
        PipedBytes nothing = lent();
        assertThat(nothing.writeBytes(here, 1000)).isZero();
        nothing.release();
        there.shutdownOutput();
        awaitReadable();
        PipedBytes end = lent();
        assertThat(end.writeBytes(here, 1000)).isZero();
        end.release();
        assertThat(pipes.open()).isEqualTo(1);
    }

    @Test
    void tells_a_reset_from_both() throws IOException {
        there.socket().setSoLinger(true, 0);
        there.close();
        awaitReadable();
        PipedBytes lent = lent();
        assertThatThrownBy(() -> lent.writeBytes(here, 1000)).isInstanceOf(IOException.class);
        lent.release();
    }

    /** Its number may be another's. */
    @Test
    void a_closed_socket_is_neither_read_nor_written() throws IOException {
        PipedRegion region = filled("hello").region(() -> {});
        PipedBytes lent = lent();
        here.close();
        assertThatThrownBy(() -> lent.writeBytes(here, 1000)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> region.transferTo(here, 0)).isInstanceOf(ClosedChannelException.class);
        lent.release();
        region.release();
    }

    @Test
    void one_with_bytes_in_it_is_never_lent_again() throws IOException {
        filled("secret").release();
        assertThat(pipes.open()).isZero();
        filled("secret").region(() -> {}).release();
        assertThat(pipes.open()).isZero();
        PipedRegion region = filled("mine").region(() -> {});
        assertThat(region.transferTo(here, 0)).isEqualTo(4);
        region.release();
        assertThat(received()).isEqualTo("mine");
    }

    @Test
    void an_empty_one_is_lent_again() {
        lent().release();
        lent().release();
        assertThat(pipes.open()).isEqualTo(1);
    }

    @Test
    void what_was_given_back_can_neither_be_filled_nor_written() throws IOException {
        PipedBytes lent = lent();
        lent.release();
        assertThatThrownBy(() -> lent.writeBytes(here, 1000)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> lent.region(() -> {})).isInstanceOf(IllegalStateException.class);
        PipedRegion region = filled("hello").region(() -> {});
        region.release();
        assertThat(region.left()).isZero();
        assertThatThrownBy(() -> region.transferTo(here, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void is_filled_once() throws IOException {
        PipedBytes filled = filled("hello");
        assertThatThrownBy(() -> filled.writeBytes(here, 1000)).isInstanceOf(IllegalStateException.class);
        filled.release();
    }

    @Test
    void no_more_are_lent_than_there_are() {
        PipedBytes one = lent();
        PipedBytes other = lent();
        assertThat(pipes.lend(ALLOCATOR, 1000)).isNull();
        one.release();
        lent().release();
        other.release();
        assertThat(pipes.open()).isEqualTo(2);
    }

    @Test
    void where_the_system_gives_none_there_is_none_for_a_while() {
        calls.refusePipe(EMFILE);
        assertThat(pipes.lend(ALLOCATOR, 1000)).isNull();
        calls.refusePipe(0);
        assertThat(pipes.lend(ALLOCATOR, 1000)).as("not asked again at once").isNull();
        assertThat(pipes.open()).isZero();
    }

    /** A user has no more memory for pipes: a small one is of no use. */
    @Test
    void a_small_one_is_closed() {
        calls.refuseSize(EPERM);
        assertThat(pipes.lend(ALLOCATOR, 1000)).isNull();
        assertThat(pipes.open()).isZero();
        assertThat(calls.open()).isZero();
    }

    /** A sandbox that forbids the call, a kernel without it, a socket of another kind: bytes are copied from then on. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                SystemCalls.EPERM,
                SystemCalls.EACCES,
                SystemCalls.ENOSYS,
                SystemCalls.EINVAL,
                SystemCalls.EOPNOTSUPP
            })
    void where_the_system_does_not_splice_no_more_are_lent(int error) throws IOException {
        there.write(ByteBuffer.wrap(new byte[] {1}));
        awaitReadable();
        calls.refuseSplice(error);
        PipedBytes lent = lent();
        assertThat(lent.writeBytes(here, 1000)).isZero();
        lent.release();
        assertThat(pipes.lend(ALLOCATOR, 1000)).isNull();
        assertThat(pipes.worthIt()).isEqualTo(Integer.MAX_VALUE);
        assertThat(here.read(ByteBuffer.allocate(10)))
                .as("the bytes are there still")
                .isEqualTo(1);
    }

    @Test
    void where_the_system_has_no_memory_the_bytes_stay_where_they_are() throws IOException {
        there.write(ByteBuffer.wrap(new byte[] {1}));
        awaitReadable();
        calls.refuseSplice(SystemCalls.ENOMEM);
        PipedBytes lent = lent();
        assertThat(lent.writeBytes(here, 1000)).isZero();
        lent.release();
        assertThat(here.read(ByteBuffer.allocate(10))).isEqualTo(1);
        lent().release();
        assertThat(pipes.open()).isEqualTo(1);
    }

    @Test
    void one_that_comes_back_behind_the_end_is_closed() {
        PipedBytes lent = lent();
        pipes.close();
        assertThat(pipes.lend(ALLOCATOR, 1000)).isNull();
        lent.release();
        assertThat(calls.open()).isZero();
    }

    @Test
    void without_any_no_read_is_large_enough() {
        assertThat(Pipes.ofTheSystem(0).worthIt()).isEqualTo(Integer.MAX_VALUE);
        assertThat(Pipes.ofTheSystem(0).lend(ALLOCATOR, 1000)).isNull();
    }
}
