package io.konnectproxy.wire;

/** The result of parsing a parent proxy's response to CONNECT so far. */
public sealed interface ReplyReading {

    /** The status is not known or the head not complete, and no fault was found yet. */
    enum NeedMore implements ReplyReading {
        NEED_MORE
    }

    /** A status of the 2xx class with a complete head. The bytes after it belong to the tunnel. */
    enum Connected implements ReplyReading {
        CONNECTED
    }

    /**
     * A final status of another class. It is reported at the end of the status line, because the rest cannot change it.
     *
     * @param status 300 to 599
     */
    record Declined(int status) implements ReplyReading {}

    /**
     * The bytes are not a valid HTTP response to CONNECT, and no more are read.
     *
     * @param problem a whole sentence that contains nothing of the response
     */
    record ReplyFault(String problem) implements ReplyReading {}
}
