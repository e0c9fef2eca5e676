package io.konnectproxy.bench.micro;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** ClientHellos in one record. */
public final class Hellos {
    /** A control plane, as Kong would name it. */
    public static final String HOST = "0646a7d680.us.cp0.konghq.com";

    private Hellos() {}

    /** What the JDK's own client sends to {@link #HOST}. */
    public static byte[] ofJdk() throws GeneralSecurityException, SSLException {
        return ofJdk(HOST);
    }

    /** What the JDK's own client sends to this host. */
    public static byte[] ofJdk(String host) throws GeneralSecurityException, SSLException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        engine.setSSLParameters(parameters);
        engine.beginHandshake();
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    /**
     * In the form of OpenSSL 3.5, which offers X25519MLKEM768 and X25519 with a share of each (1,216 and 32 bytes), when it
     * resumes a session with a ticket. The random parts are noise, always the same.
     */
    static byte[] postQuantum() {
        return postQuantum(HOST);
    }

    /** The same for this host. */
    public static byte[] postQuantum(String host) {
        Random noise = new Random(1);
        ByteBuffer hello = ByteBuffer.allocate(4096);
        hello.put(hex("160301 0000 01 000000 0303")).put(bytes(32, noise));
        hello.put((byte) 32).put(bytes(32, noise));
        vector16(
                hello,
                hex("1302 1303 1301 c02c c030 009f cca9 cca8 ccaa c02b c02f 009e c024 c028 006b c023 c027 0067"
                        + " c00a c014 0039 c009 c013 0033 009d 009c 003d 003c 0035 002f"));
        hello.put(hex("01 00"));
        int block = hello.position();
        hello.putShort((short) 0);
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        extension(hello, 0, concat(uint16(name.length + 3), hex("00"), uint16(name.length), name));
        extension(hello, 11, hex("03 00 01 02"));
        extension(hello, 10, hex("0010 11ec 001d 0017 001e 0018 0019 0100 0101"));
        extension(hello, 35, hex(""));
        extension(hello, 22, hex(""));
        extension(hello, 23, hex(""));
        extension(
                hello,
                13,
                hex("0036 0905 0906 0904 0403 0503 0603 0807 0808 081a 081b 081c 0809 080a 080b 0804 0805"
                        + " 0806 0401 0501 0601 0303 0301 0302 0402 0502 0602 0203"));
        extension(hello, 43, hex("04 0304 0303"));
        extension(hello, 45, hex("01 01"));
        extension(hello, 51, concat(hex("04e8 11ec 04c0"), bytes(1216, noise), hex("001d 0020"), bytes(32, noise)));
        extension(hello, 41, concat(hex("00d6 00d0"), bytes(208 + 4, noise), hex("0031 30"), bytes(48, noise)));
        return ended(hello, block);
    }

    /** Fills in the lengths of extensions, message and record. */
    private static byte[] ended(ByteBuffer hello, int block) {
        int end = hello.position();
        hello.putShort(block, (short) (end - block - 2));
        hello.putShort(7, (short) (end - 9));
        hello.putShort(3, (short) (end - 5));
        return filled(hello);
    }

    private static void extension(ByteBuffer hello, int type, byte[] data) {
        hello.putShort((short) type);
        vector16(hello, data);
    }

    private static void vector16(ByteBuffer hello, byte[] data) {
        hello.put(uint16(data.length)).put(data);
    }

    private static byte[] uint16(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    private static byte[] bytes(int length, Random noise) {
        byte[] bytes = new byte[length];
        noise.nextBytes(bytes);
        return bytes;
    }

    private static byte[] hex(String spaced) {
        return HexFormat.of().parseHex(spaced.replace(" ", ""));
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(2048);
        for (byte[] part : parts) {
            all.put(part);
        }
        return filled(all);
    }

    private static byte[] filled(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
