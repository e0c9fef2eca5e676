package io.konnectproxy.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ObjectChannelTest {
    private final byte[] content = new byte[1 << 20];
    private final MemoryStore store = new MemoryStore();

    ObjectChannelTest() {
        new Random(1).nextBytes(content);
        store.put("object", content);
    }

    private ObjectChannel channel() {
        return new ObjectChannel(store, store.find("object").orElseThrow());
    }

    private static ByteBuffer read(ObjectChannel channel, int block) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(1 << 20);
        ByteBuffer some = ByteBuffer.allocate(block);
        while (channel.read(some) >= 0) {
            all.put(some.flip());
            some.clear();
        }
        return all.flip();
    }

    /** A store closes a connection that rests. A report that reads many trails side by side lets each rest again and again. */
    @Test
    void a_connection_that_breaks_after_much_has_come_may_do_so_any_number_of_times() throws Exception {
        store.breakAfter(ObjectChannel.MUCH);
        try (ObjectChannel channel = channel()) {
            assertThat(read(channel, ObjectChannel.MUCH).array()).isEqualTo(content);
        }
        assertThat(store.opened()).isEqualTo(content.length / ObjectChannel.MUCH);
    }

    @Test
    void a_store_that_gives_a_little_each_time_is_given_up() {
        store.breakAfter(100);
        try (ObjectChannel channel = channel()) {
            assertThatThrownBy(() -> read(channel, 4096))
                    .isInstanceOf(IOException.class)
                    .hasMessage("connection reset");
        }
        assertThat(store.opened()).isEqualTo(101);
    }
}
