package io.konnectproxy.bench;

import io.netty.channel.Channel;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes without end, as fast as a channel takes them: from a file, for the kernel sends those without copying them. */
final class Flow {
    private static final int SIZE = 8 * 1024 * 1024;
    private static final FileChannel PIECE = piece();

    private Flow() {}

    private static FileChannel piece() {
        try {
            Path file = Files.createTempFile("proxy-bench", ".bytes");
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            channel.write(ByteBuffer.allocate(SIZE));
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fills the channel until it is closed. */
    static void into(Channel channel) {
        if (channel.isActive()) {
            channel.writeAndFlush(new DefaultFileRegion(PIECE, 0, SIZE).retain()).addListener(gone -> into(channel));
        }
    }
}
