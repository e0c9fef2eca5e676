package io.konnectproxy.bench.micro;

import io.konnectproxy.wire.ClientHelloReader;
import io.konnectproxy.wire.HelloReading;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The beginning of a tunnel, read to the end of the ClientHello. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClientHelloBenchmark {
    @Param
    public Sender sender = Sender.JDK;

    @Param
    public Pieces arriving = Pieces.WHOLE;

    private ByteBuffer[] pieces = {};

    /** Whose hello it is. */
    public enum Sender {
        /** 450 bytes or so. */
        JDK,
        /** With a key share of ML-KEM and a session to resume: 1.8 KB. */
        OPENSSL_POST_QUANTUM
    }

    @Setup
    public void cut() throws Exception {
        pieces = arriving.of(
                switch (sender) {
                    case JDK -> Hellos.ofJdk();
                    case OPENSSL_POST_QUANTUM -> Hellos.postQuantum();
                });
        if (!(read() instanceof HelloReading.ClientHello hello)
                || !hello.serverName().equals(Hellos.HOST)) {
            throw new IllegalStateException("no hello: " + sender);
        }
    }

    @Benchmark
    public HelloReading read() {
        HelloReading reading = HelloReading.NeedMore.NEED_MORE;
        for (int come = 1; come <= pieces.length; come++) {
            reading = ClientHelloReader.read(Arrays.copyOf(pieces, come));
        }
        return reading;
    }
}
