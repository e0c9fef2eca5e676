package io.konnectproxy.wire;

import io.konnectproxy.wire.HandshakeReading.End;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the records of a TLS handshake in both directions, and tells what it comes to. Reads what is in clear: headers of
 * records, the ServerHello, alerts without encryption. Stores no byte. Reads until that is certain, and at most
 * {@value #MOST} bytes of either side. One instance per tunnel; not thread-safe.
 *
 * <p>In TLS 1.3 the types of encrypted records are hidden, but not their lengths ({@link Encrypted}). An encrypted alert has no
 * name.
 */
public final class HandshakeReader {
    /** More than any handshake has: OpenSSL bounds a chain of certificates to 100 KiB. What follows is not read. */
    static final int MOST = 256 * 1024;

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;

    private static final HandshakeReading NOTHING_YET = new HandshakeReading(End.UNFINISHED, Optional.empty());

    private static final int ALERT_LENGTH = 2;
    private static final int FATAL = 2;

    private final Direction client = new Direction(End.CLIENT_ALERT);
    private final Direction server = new Direction(End.SERVER_ALERT);

    /** While one is read. */
    private @Nullable ServerHelloMessage hello;

    private ServerHelloMessage.Reading version = ServerHelloMessage.Reading.NEED_MORE;
    /** In TLS 1.3, once the ServerHello has come. */
    private @Nullable Encrypted encrypted;

    private boolean earlyData;
    private boolean done;
    private HandshakeReading reading = NOTHING_YET;

    /** Reads what the client sent, from its ClientHello on. Consumes all bytes. */
    public void up(ByteBuffer bytes) {
        client.read(bytes);
    }

    /** Reads what the server sent. Consumes all bytes. */
    public void down(ByteBuffer bytes) {
        server.read(bytes);
    }

    /** One side sends nothing more. Whatever the other one still sends is an answer to that. */
    public void ended() {
        if (!done) {
            reading = reading();
            done = true;
        }
    }

    /** Whether nothing that still comes changes the result. */
    public boolean isDone() {
        return done;
    }

    /** The result if nothing more comes. */
    public HandshakeReading reading() {
        return done || encrypted == null ? reading : new HandshakeReading(encrypted.atEnd(), Optional.empty());
    }

    private void settle(End end) {
        settle(end, Optional.empty());
    }

    private void settle(End end, Optional<String> alert) {
        reading = new HandshakeReading(end, alert);
        done = true;
    }

    private void onRecord(Direction side, int type, int length) {
        switch (type) {
            case CHANGE_CIPHER_SPEC -> side.changed = true;
            case ALERT -> onAlert(side, length);
            case HANDSHAKE -> onHandshake(side);
            case APPLICATION_DATA -> onData(side, length);
            default -> settle(End.UNFINISHED);
        }
    }

    private void onAlert(Direction side, int length) {
        if (version == ServerHelloMessage.Reading.TLS_1_2 && side.changed) {
            settle(side.alert);
        } else if (length == ALERT_LENGTH) {
            side.content = ReadContent.ALERT;
        } else {
            settle(End.UNFINISHED);
        }
    }

    private void onAlert(Direction side, int level, int code) {
        boolean ends = level == FATAL || code == TlsAlert.CLOSE_NOTIFY || code == TlsAlert.USER_CANCELED;
        // A warning may precede the ServerHello and does not end the handshake (RFC 5246, section 7.2).
        if (ends || version == ServerHelloMessage.Reading.TLS_1_3) {
            settle(side.alert, Optional.of(TlsAlert.name(code)));
        }
    }

    private void onHandshake(Direction side) {
        if (side == server && version == ServerHelloMessage.Reading.NEED_MORE) {
            side.content = ReadContent.SERVER_HELLO;
            if (hello == null) {
                hello = new ServerHelloMessage();
            }
        }
    }

    private void inServerHello(int octet) {
        ServerHelloMessage message = Objects.requireNonNull(hello);
        ServerHelloMessage.Reading read = message.take(octet);
        if (read != ServerHelloMessage.Reading.NEED_MORE) {
            hello = null;
            onServerHello(read, message.cipherSuite());
        }
    }

    private void onServerHello(ServerHelloMessage.Reading read, int cipherSuite) {
        switch (read) {
            case NEED_MORE -> {}
            case HELLO_RETRY_REQUEST -> server.content = ReadContent.NONE;
            case OTHER -> settle(End.UNFINISHED);
            case TLS_1_2, TLS_1_3 -> {
                version = read;
                server.content = ReadContent.NONE;
                if (read == ServerHelloMessage.Reading.TLS_1_3) {
                    encrypted = Encrypted.of(cipherSuite, earlyData);
                }
            }
        }
    }

    private void onData(Direction side, int length) {
        switch (version) {
            case TLS_1_3 -> onEncrypted(Objects.requireNonNull(encrypted), side, length);
            case TLS_1_2 -> {
                // A client may send data before the server has changed to encryption (RFC 7918).
                if (client.changed && server.changed) {
                    settle(End.COMPLETED);
                }
            }
            default -> {
                earlyData = true;
                if (side == server) {
                    settle(End.UNFINISHED);
                }
            }
        }
    }

    private void onEncrypted(Encrypted records, Direction side, int length) {
        if (side == client) {
            records.up(length);
        } else {
            records.down(length);
        }
        records.certain().ifPresent(this::settle);
    }

    /** What is read of a record's content. */
    private enum ReadContent {
        NONE,
        ALERT,
        SERVER_HELLO
    }

    /** The records of one side. */
    private final class Direction {
        private static final int HEADER = 5;
        /** Longest record: of TLS 1.2, encrypted (RFC 5246, section 6.2.3). */
        private static final int LONGEST = (1 << 14) + 2048;

        private final End alert;
        private long taken;
        private int headerRead;
        private int type;
        private int length;
        private int left;
        private int level;
        /** It has sent a change_cipher_spec. */
        private boolean changed;

        private ReadContent content = ReadContent.NONE;

        Direction(End alert) {
            this.alert = alert;
        }

        void read(ByteBuffer bytes) {
            taken += bytes.remaining();
            while (!done && bytes.hasRemaining()) {
                if (headerRead < HEADER) {
                    inHeader(bytes.get() & 0xff);
                } else if (content == ReadContent.NONE) {
                    int skipped = Math.min(left, bytes.remaining());
                    bytes.position(bytes.position() + skipped);
                    left -= skipped;
                } else {
                    left--;
                    inContent(bytes.get() & 0xff);
                }
                if (headerRead == HEADER && left == 0) {
                    headerRead = 0;
                    content = ReadContent.NONE;
                }
            }
            if (!done && taken > MOST) {
                settle(encrypted == null ? End.UNFINISHED : encrypted.beyondHandshake());
            }
            bytes.position(bytes.limit());
        }

        private void inHeader(int octet) {
            switch (headerRead++) {
                case 0 -> type = octet;
                case 1 -> {
                    if (octet != 3) {
                        settle(End.UNFINISHED);
                    }
                }
                case 3 -> length = octet << 8;
                case 4 -> {
                    length |= octet;
                    left = length;
                    if (length > LONGEST) {
                        settle(End.UNFINISHED);
                    } else {
                        onRecord(this, type, length);
                    }
                }
                default -> {}
            }
        }

        private void inContent(int octet) {
            if (content == ReadContent.SERVER_HELLO) {
                inServerHello(octet);
            } else if (left == 1) {
                level = octet;
            } else {
                onAlert(this, level, octet);
            }
        }
    }
}
