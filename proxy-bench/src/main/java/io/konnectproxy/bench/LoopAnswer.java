package io.konnectproxy.bench;

import io.konnectproxy.bench.LoopMethod.Answer;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** What the origin of the {@link ClosedLoop} says. */
final class LoopAnswer {
    /** A record with a ServerHello: TLS_AES_128_GCM_SHA256, supported_versions with TLS 1.3, key_share with X25519. */
    private static final String SERVER_HELLO = "160303007a" + "02000076" + "0303" + "5a".repeat(32) + "20"
            + "a5".repeat(32) + "130100" + "002e" + "002b00020304" + "00330024001d0020" + "3c".repeat(32);

    /** ChangeCipherSpec, and an encrypted record of 4,000 bytes. */
    private static final String ENCRYPTED = "140303000101" + "1703030fa0" + "77".repeat(4000);

    private static final byte[] HELLO = HexFormat.of().parseHex(SERVER_HELLO);
    private static final byte[] FLIGHT = HexFormat.of().parseHex(SERVER_HELLO + ENCRYPTED);

    private LoopAnswer() {}

    static ByteBuffer of(Answer answer) {
        return ByteBuffer.wrap(
                switch (answer) {
                    case BYTE -> new byte[1];
                    case SERVER_HELLO -> HELLO;
                    case FLIGHT -> FLIGHT;
                });
    }
}
