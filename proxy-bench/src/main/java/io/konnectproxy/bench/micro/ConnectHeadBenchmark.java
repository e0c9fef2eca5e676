package io.konnectproxy.bench.micro;

import io.konnectproxy.wire.ConnectHeadReader;
import io.konnectproxy.wire.HeadReading;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A request head, read from its first to its last byte by a reader of its own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ConnectHeadBenchmark {
    private static final String HOST = Hellos.HOST + ":443";

    @Param
    public Head head = Head.KONG;

    @Param
    public Pieces arriving = Pieces.WHOLE;

    private ByteBuffer[] pieces = {};

    /** What real clients send, header for header. */
    public enum Head {
        KONG("Host: " + HOST, "Proxy-Connection: Keep-Alive"),
        KONG_WITH_PASSWORD(
                "Host: " + HOST, "Proxy-Connection: Keep-Alive", "Proxy-Authorization: Basic ZHAtcGF5bWVudHM6cGFzcw=="),
        OKHTTP("Host: " + HOST, "Proxy-Connection: Keep-Alive", "User-Agent: okhttp/5.5.1"),
        CURL("Host: " + HOST, "User-Agent: curl/7.88.1", "Proxy-Connection: Keep-Alive");

        private final String text;

        Head(String... fields) {
            this.text = "CONNECT " + HOST + " HTTP/1.1\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
        }
    }

    @Setup
    public void cut() {
        pieces = arriving.of(head.text.getBytes(StandardCharsets.US_ASCII));
        if (!(read() instanceof HeadReading.ConnectHead)) {
            throw new IllegalStateException("no head: " + head);
        }
    }

    @Benchmark
    public HeadReading read() {
        ConnectHeadReader reader = new ConnectHeadReader(16 * 1024);
        HeadReading reading = HeadReading.NeedMore.NEED_MORE;
        for (ByteBuffer piece : pieces) {
            reading = reader.read(piece.rewind());
        }
        return reading;
    }
}
