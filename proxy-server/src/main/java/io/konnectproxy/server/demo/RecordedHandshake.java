package io.konnectproxy.server.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/**
 * The bytes of a TLS 1.3 handshake (RFC 8446) and of one message each way, as far as somebody who only passes them on can tell. Nothing in
 * it is a secret or a proof, so that nobody computes, and no class of TLS is loaded.
 */
final class RecordedHandshake {
    private static final byte HANDSHAKE = 22;
    private static final byte CHANGE_CIPHER_SPEC = 20;
    private static final byte APPLICATION_DATA = 23;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_HELLO = 2;
    private static final short TLS_1_2 = 0x0303;
    private static final short TLS_1_3 = 0x0304;
    private static final short AES_128_GCM = 0x1301;
    private static final int RANDOM_BYTES = 32;
    /** As much as Konnect's certificates take. */
    private static final int CERTIFICATES_BYTES = 3_000;

    private static final int FINISHED_BYTES = 53;
    private static final int MESSAGE_BYTES = 512;

    /** Of the client. */
    final byte[] hello;
    /** Of the server, up to its Finished. */
    final byte[] answer = joined(
            handshake(SERVER_HELLO, serverHello()),
            record(CHANGE_CIPHER_SPEC, new byte[] {1}),
            record(APPLICATION_DATA, new byte[CERTIFICATES_BYTES]));
    /** Of the client, with its message. */
    final byte[] finished = joined(
            record(CHANGE_CIPHER_SPEC, new byte[] {1}),
            record(APPLICATION_DATA, new byte[FINISHED_BYTES]),
            record(APPLICATION_DATA, new byte[MESSAGE_BYTES]));
    /** Of the server. */
    final byte[] message = record(APPLICATION_DATA, new byte[MESSAGE_BYTES]);

    RecordedHandshake(String host) {
        this.hello = handshake(CLIENT_HELLO, clientHello(host.getBytes(US_ASCII)));
    }

    private static byte[] clientHello(byte[] host) {
        byte[] serverName = extension(
                0,
                ByteBuffer.allocate(5 + host.length)
                        .putShort((short) (3 + host.length))
                        .put((byte) 0)
                        .putShort((short) host.length)
                        .put(host));
        byte[] versions = extension(43, ByteBuffer.allocate(3).put((byte) 2).putShort(TLS_1_3));
        ByteBuffer hello = ByteBuffer.allocate(RANDOM_BYTES + 11 + serverName.length + versions.length);
        hello.putShort(TLS_1_2).put(new byte[RANDOM_BYTES]).put((byte) 0);
        hello.putShort((short) 2).putShort(AES_128_GCM).put((byte) 1).put((byte) 0);
        return hello.putShort((short) (serverName.length + versions.length))
                .put(serverName)
                .put(versions)
                .array();
    }

    private static byte[] serverHello() {
        byte[] version = extension(43, ByteBuffer.allocate(2).putShort(TLS_1_3));
        ByteBuffer hello = ByteBuffer.allocate(RANDOM_BYTES + 8 + version.length);
        hello.putShort(TLS_1_2).put(new byte[RANDOM_BYTES]).put((byte) 0);
        hello.putShort(AES_128_GCM).put((byte) 0);
        return hello.putShort((short) version.length).put(version).array();
    }

    private static byte[] extension(int type, ByteBuffer content) {
        content.flip();
        return ByteBuffer.allocate(4 + content.remaining())
                .putShort((short) type)
                .putShort((short) content.remaining())
                .put(content)
                .array();
    }

    private static byte[] handshake(int type, byte[] body) {
        return record(
                HANDSHAKE,
                ByteBuffer.allocate(4 + body.length)
                        .putInt(type << 24 | body.length)
                        .put(body)
                        .array());
    }

    private static byte[] record(byte type, byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .put(type)
                .putShort(TLS_1_2)
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    private static byte[] joined(byte[]... records) {
        int bytes = 0;
        for (byte[] each : records) {
            bytes += each.length;
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (byte[] each : records) {
            all.put(each);
        }
        return all.array();
    }
}
