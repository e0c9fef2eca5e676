package io.konnectproxy.wire;

import io.konnectproxy.wire.HandshakeReading.End;
import java.util.Optional;

/**
 * What the lengths of encrypted TLS 1.3 records tell (RFC 8446, section 5.2). An alert has two bytes. No handshake message is
 * as short, and of application data only two bytes are. A Finished has a length that the cipher suite determines. Of padding
 * (section 5.4) only that of the JDK is known; where a side pads otherwise, its alerts are not recognised. Not thread-safe.
 */
final class Encrypted {
    /** Of no record, where the cipher suite is not known. */
    private static final int UNKNOWN = Integer.MIN_VALUE / 2;
    /** The JDK's sockets put so many zeros behind the content of each record. */
    private static final int PADDING_OF_JDK = 16;

    private final int alert;
    private final int finished;
    private final boolean earlyData;

    /** The client has sent something else than an alert. */
    private boolean clientBegan;
    /** Its Finished was recognised, so that what follows is no handshake message. */
    private boolean clientFinished;

    private int clientPadding;
    private int serverPadding;
    /** The client sent something behind its Finished that is certainly no alert. */
    private boolean dataUp;
    /** The server sent something behind the beginning of the client's flight: it has taken the client's Finished. */
    private boolean serverWentOn;
    /** The last record of that side has the length of an alert; whether it is one is known at the end. */
    private boolean clientAlert;

    private boolean serverAlert;
    /** The client's last record may be a close_notify, which the server answers with another one. */
    private boolean clientCloses;

    private Optional<End> certain = Optional.empty();

    private Encrypted(int alert, int finished, boolean earlyData) {
        this.alert = alert;
        this.finished = finished;
        this.earlyData = earlyData;
    }

    /** @param earlyData whether the client has sent some, so that a short record may be that */
    static Encrypted of(int cipherSuite, boolean earlyData) {
        return switch (cipherSuite) {
            case 0x1301, 0x1303, 0x1304 -> of(32, 16, earlyData);
            case 0x1302 -> of(48, 16, earlyData);
            case 0x1305 -> of(32, 8, earlyData);
            default -> new Encrypted(UNKNOWN, UNKNOWN, earlyData);
        };
    }

    private static Encrypted of(int hash, int tag, boolean earlyData) {
        int around = 1 + tag;
        return new Encrypted(2 + around, 4 + hash + around, earlyData);
    }

    void up(int length) {
        boolean likeAlert =
                clientFinished ? length == alert + clientPadding : length == alert || length == alert + PADDING_OF_JDK;
        clientCloses = likeAlert;
        if (likeAlert) {
            if (!clientBegan && !earlyData) {
                certain = Optional.of(End.CLIENT_ALERT);
            }
            clientAlert |= !dataUp && !serverAlert;
            return;
        }
        // Something follows what could have been an alert, so that was data.
        dataUp |= clientFinished || clientAlert;
        clientAlert = false;
        clientBegan = true;
        if (!clientFinished && isFinished(length)) {
            clientFinished = true;
            clientPadding = length - finished;
        }
        weigh();
    }

    void down(int length) {
        if (!clientBegan) {
            if (length == alert) {
                certain = Optional.of(End.SERVER_ALERT);
            } else if (isFinished(length)) {
                // The last of its flight that is as long.
                serverPadding = length - finished;
            }
        } else if (length == alert + serverPadding) {
            serverAlert |= !serverWentOn && !clientCloses;
        } else {
            serverAlert = false;
            serverWentOn = true;
            weigh();
        }
    }

    private boolean isFinished(int length) {
        return length == finished || length == finished + PADDING_OF_JDK;
    }

    /** Where the Finished was not recognised, for it shares a record with others, that the server went on has to do. */
    private void weigh() {
        if (serverWentOn && (dataUp || !clientFinished)) {
            certain = Optional.of(End.COMPLETED);
        }
    }

    /** The end, if nothing that still comes changes it. */
    Optional<End> certain() {
        return certain;
    }

    /** The end, if more has come than a handshake has. */
    End beyondHandshake() {
        return clientBegan ? End.COMPLETED : End.UNFINISHED;
    }

    /** The end, if nothing more comes. */
    End atEnd() {
        if (serverAlert) {
            return End.SERVER_ALERT;
        }
        if (clientAlert) {
            return End.CLIENT_ALERT;
        }
        return dataUp ? End.COMPLETED : End.UNFINISHED;
    }
}
